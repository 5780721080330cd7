import { BadInput } from "../../bad-input.ts";
import type { ReadSeries } from "./grid-series.ts";
import { jsonValues } from "./json-values.ts";
import { isAnswer, readMatrix } from "./prometheus/matrix.ts";
import { queryPrometheus } from "./prometheus/query.ts";
import { type RangeQuery, rangeQueryUrl } from "./prometheus/range-query.ts";
import { readJsonLines } from "./read-json-lines.ts";
import { readTable, type TableOptions } from "./table/read-table.ts";

/** What to read. */
export interface InputRequest extends TableOptions {
  /** A path, `-` for standard input, or an http address. */
  readonly input: string;
  readonly rangeQuery: RangeQuery | undefined;
  readonly timeoutMillis: number;
  readText(path: string): Promise<string>;
}

/**
 * Reads all series of an input.
 *
 * @throws BadInput with the place of the error and what was expected.
 */
export async function readInput(request: InputRequest): Promise<ReadSeries> {
  const { input, timeoutMillis } = request;
  if (/^https?:\/\//i.test(input)) {
    return queryPrometheus(rangeQueryUrl(input, request.rangeQuery), timeoutMillis);
  }
  const source = input === "-" ? "standard input" : input;
  const read = readText(source, await textOf(request, source), request);
  if (read.series.length + read.untested.length === 0) {
    throw new BadInput(`${source}: expected at least one series, got nothing`);
  }
  return read;
}

/** JSON begins with a brace or a bracket. Everything else is a table. */
function readText(source: string, text: string, options: TableOptions): ReadSeries {
  if (!/^\s*[{[]/.test(text)) return readTable(source, text, options);
  const values = jsonValues(text);
  const [first] = values;
  if (values.length === 1 && first !== undefined && "value" in first && isAnswer(first.value)) {
    return readMatrix(source, first.value);
  }
  return readJsonLines(source, values, options);
}

async function textOf({ input, readText: read }: InputRequest, source: string): Promise<string> {
  try {
    return await read(input);
  } catch (error) {
    throw new BadInput(`${source}: ${(error as Error).message}`);
  }
}
