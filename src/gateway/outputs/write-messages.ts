import type { Steps } from "../../core/yielding-runner.ts";
import { compressed } from "../../wire/remote/snappy.ts";
import type { WritableSeries } from "../../wire/remote/time-series.ts";
import { encodedWriteRequest } from "../../wire/remote/write-request.ts";

/** A request that is ready to be sent. */
export interface WriteMessage {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly samples: number;
}

/** A series with samples that can be counted. */
export type CountedSeries = WritableSeries & { readonly samples: readonly unknown[] };

/** Receivers limit the size of a request. Prometheus sends as many at most, by default 2000. */
const MAX_SAMPLES = 5000;

/** Makes messages of limited size, of all series. It can rest after each. */
export function* writeMessages(series: Iterable<CountedSeries>): Steps<WriteMessage[]> {
  const messages: WriteMessage[] = [];
  let batch: CountedSeries[] = [];
  let samples = 0;
  const end = (): void => {
    if (batch.length > 0) messages.push({ body: compressed(encodedWriteRequest(batch)), samples });
    batch = [];
    samples = 0;
  };
  for (const one of series) {
    batch.push(one);
    samples += one.samples.length;
    if (samples >= MAX_SAMPLES) end();
    yield;
  }
  end();
  return messages;
}
