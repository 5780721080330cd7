import { BadInput, type GridSeries, toGridSeries } from "./grid-series.ts";
import { queryPrometheus, type RangeQuery, rangeQueryUrl, readMatrix } from "./prometheus.ts";
import { readCsv } from "./read-csv.ts";
import { readJsonLines } from "./read-json-lines.ts";

/** Where series come from. */
export interface InputRequest {
  /** A path, `-` for standard input, or an http address. */
  readonly input: string;
  /** The columns of a table that are wanted; all when empty. */
  readonly columns: readonly string[];
  readonly rangeQuery: RangeQuery | undefined;
  readonly timeoutMillis: number;
  readText(path: string): Promise<string>;
}

/** Reads all series of an input. @throws BadInput that says where it is wrong and what was expected. */
export async function readInput(request: InputRequest): Promise<GridSeries[]> {
  const { input, timeoutMillis } = request;
  if (/^https?:\/\//i.test(input)) {
    return queryPrometheus(rangeQueryUrl(input, request.rangeQuery), timeoutMillis);
  }
  const source = input === "-" ? "standard input" : input;
  const series = readText(source, await textOf(request, source), request.columns);
  if (series.length === 0) throw new BadInput(`${source}: expected at least one series, got nothing`);
  return series;
}

/** JSON begins with a brace; everything else is a table. */
function readText(source: string, text: string, columns: readonly string[]): GridSeries[] {
  if (!text.trimStart().startsWith("{")) {
    return readCsv(source, text, columns).map((series) => toGridSeries(series, source));
  }
  const answer = answerOf(text);
  return answer === undefined ? readJsonLines(source, text) : readMatrix(source, answer);
}

/** An answer of Prometheus that was saved to a file. */
function answerOf(text: string): unknown {
  if (!/^\s*\{\s*"status"/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function textOf({ input, readText: read }: InputRequest, source: string): Promise<string> {
  try {
    return await read(input);
  } catch (error) {
    throw new BadInput(`${source}: ${(error as Error).message}`);
  }
}
