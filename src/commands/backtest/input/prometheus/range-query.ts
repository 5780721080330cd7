import { shownAddress } from "../../../../promql/address.ts";
import { MAX_POINTS } from "../../../../promql/limits.ts";
import { BadInput } from "../../../bad-input.ts";
import { MAX_SLOTS } from "../grid-series.ts";

/** The parts of a range query, for the plain address of a Prometheus. */
export interface RangeQuery {
  readonly query: string;
  /** In the format of Prometheus: RFC 3339 or Unix seconds. */
  readonly start: string;
  readonly end: string;
  /** A duration such as `60s` or a number of seconds. */
  readonly step: string;
}

const PATH = "/api/v1/query_range";
const MILLIS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 365 * 86_400_000,
};

/**
 * The URL of a range query: the address itself when it is complete, otherwise built from its parts.
 *
 * @throws BadInput when it is neither complete nor has parts.
 */
export function rangeQueryUrl(given: string, parts: RangeQuery | undefined): URL {
  if (!URL.canParse(given))
    throw new BadInput(`${shownAddress(given)}: expected an address such as http://localhost:9090`);
  const url = new URL(given);
  if (parts === undefined) {
    const missing = ["query", "start", "end", "step"].filter((name) => !url.searchParams.has(name));
    if (url.pathname.endsWith(PATH) && missing.length === 0) return url;
    throw new BadInput(
      `${shownAddress(given)}: expected a whole range query (${PATH}?query=...&start=...&end=...&step=...), or --query with the address of a Prometheus`,
    );
  }
  if (!url.pathname.endsWith(PATH)) url.pathname = `${url.pathname.replace(/\/$/, "")}${PATH}`;
  for (const [name, value] of Object.entries(parts)) url.searchParams.set(name, value);
  return url;
}

/**
 * The range queries that together give the points of one: each asks for the next points of the same
 * grid, few enough for Prometheus. A range that cannot be read is left as it is, for Prometheus to
 * judge.
 *
 * @throws BadInput when the range has more points than can be tested.
 */
export function queriesOf(url: URL): URL[] {
  const [start, end] = ["start", "end"].map((name) => timeMillis(url.searchParams.get(name) ?? ""));
  const step = stepMillis(url.searchParams.get("step") ?? "");
  if (start === undefined || end === undefined || step === undefined || end < start) return [url];
  const points = Math.floor((end - start) / step) + 1;
  if (points > MAX_SLOTS) {
    throw new BadInput(
      `${shownAddress(url.href)}: the range has ${points} points of each series, expected at most ${MAX_SLOTS}: use a larger --step`,
    );
  }
  if (points <= MAX_POINTS) return [url];
  return Array.from({ length: Math.ceil(points / MAX_POINTS) }, (_, part) => {
    const query = new URL(url);
    const last = Math.min(points, (part + 1) * MAX_POINTS) - 1;
    query.searchParams.set("start", seconds(start + part * MAX_POINTS * step));
    query.searchParams.set("end", seconds(start + last * step));
    return query;
  });
}

/** Whole milliseconds, as Prometheus counts. */
function timeMillis(text: string): number | undefined {
  if (/^-?\d+(\.\d*)?$/.test(text)) return Math.round(Number(text) * 1000);
  const millis = /^\d{4}-\d{2}-\d{2}T/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(millis) ? undefined : millis;
}

function stepMillis(text: string): number | undefined {
  const isDuration = /^(\d+(ms|[smhdwy]))+$/.test(text);
  const parts = isDuration ? [...text.matchAll(/(\d+)(ms|[smhdwy])/g)] : [];
  const millis = isDuration
    ? parts.reduce((sum, [, count, unit]) => sum + Number(count) * (MILLIS[unit as string] as number), 0)
    : Math.round(Number(text || Number.NaN) * 1000);
  return millis > 0 ? millis : undefined;
}

function seconds(millis: number): string {
  return (millis / 1000).toFixed(3);
}
