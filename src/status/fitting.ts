import type { ForecastList, SeriesStatus } from "./answers.ts";

/** What the names and sentences of an answer may take as JSON. Its numbers take at most 3 MB more. */
const MOST_BYTES = 7_000_000;

/**
 * The first series of a list, as many as one answer has room for, but at least one. Applications may
 * have very many labels, and very long ones. The other series are asked for by their offset.
 */
export function fitting(list: ForecastList, mostBytes = MOST_BYTES): ForecastList {
  let room = mostBytes;
  const end = list.forecasts.findIndex((series, index) => {
    room -= bytesOfTexts(series);
    return room < 0 && index > 0;
  });
  return end === -1 ? list : { ...list, forecasts: list.forecasts.slice(0, end) };
}

function bytesOfTexts({ metric, labels, recommendation }: SeriesStatus): number {
  return Buffer.byteLength(JSON.stringify([metric, labels, recommendation]));
}
