import { MessageWriter } from "./message-writer.ts";
import { TimeSeriesWriter, type WritableSeries } from "./time-series.ts";

/** The fields of `ReadResponse` and `QueryResult` in prompb/remote.proto. */
const RESULTS = 1;
const SERIES = 1;

/** Writes a `ReadResponse` of whole samples, series after series. */
export class ReadResponseWriter {
  readonly #response = new MessageWriter();
  readonly #result = new MessageWriter();
  readonly #series = new TimeSeriesWriter();

  /** Adds a series to the result of the current query. Returns the number of its samples. */
  add(series: WritableSeries): number {
    return this.#series.write(this.#result, SERIES, series);
  }

  /** Ends the result of a query. There is one for each query, in the same order. */
  endResult(): void {
    this.#response.bytes(RESULTS, this.#result.finish());
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.#response.finish();
  }
}
