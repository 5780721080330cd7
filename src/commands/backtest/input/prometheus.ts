import * as v from "valibot";
import { BadInput, type GridSeries, toGridSeries } from "./grid-series.ts";

/** A range query in parts, for a Prometheus that is named by its address alone. */
export interface RangeQuery {
  readonly query: string;
  /** As Prometheus takes them: RFC 3339 or Unix seconds. */
  readonly start: string;
  readonly end: string;
  /** A duration such as `60s` or a number of seconds. */
  readonly step: string;
}

const matrix = v.object({
  status: v.literal("success"),
  data: v.object({
    resultType: v.literal("matrix"),
    result: v.array(
      v.object({
        metric: v.record(v.string(), v.string()),
        values: v.array(v.tuple([v.number(), v.string()])),
      }),
    ),
  }),
});
const refusal = v.object({ status: v.literal("error"), error: v.string() });
const PATH = "/api/v1/query_range";

/** An address as it may be shown: without user and password. */
export function shownAddress(address: string): string {
  return address.replace(/\/\/[^/?#]*@/, "//");
}

/** The address of a range query: as given when it is whole, else put together. @throws BadInput when it is neither. */
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
 * Asks Prometheus. A user and a password in the address are sent as basic authentication, and shown nowhere.
 *
 * @throws BadInput that says what went wrong on the way, or what Prometheus said.
 */
export async function queryPrometheus(given: URL, timeoutMillis: number): Promise<GridSeries[]> {
  const { url, headers } = withoutCredentials(given);
  const { status, body } = await ask(url, headers, timeoutMillis);
  const refused = v.safeParse(refusal, body);
  if (refused.success) throw new BadInput(`${url}: Prometheus says: ${refused.output.error}`);
  return readMatrix(url.origin, body, status);
}

/** Reads what Prometheus answers to a range query. @throws BadInput when it is not a matrix with a series. */
export function readMatrix(source: string, body: unknown, status = 200): GridSeries[] {
  const answer = v.safeParse(matrix, body);
  if (!answer.success) {
    throw new BadInput(
      `${source}: expected the answer to a range query (a matrix), got something else (HTTP ${status})`,
    );
  }
  const { result } = answer.output.data;
  if (result.length === 0) throw new BadInput(`${source}: the query has no series in this range`);
  return result.map(({ metric, values }) => {
    const samples = values.map(([seconds, value]) => ({ at: seconds * 1000, value: finiteOrGap(value) }));
    return toGridSeries({ id: nameOf(metric), samples }, source);
  });
}

function withoutCredentials(given: URL): { url: URL; headers: Record<string, string> } {
  if (given.username === "") return { url: given, headers: {} };
  const user = `${decodeURIComponent(given.username)}:${decodeURIComponent(given.password)}`;
  const url = new URL(given);
  url.username = "";
  url.password = "";
  return { url, headers: { authorization: `Basic ${Buffer.from(user).toString("base64")}` } };
}

async function ask(
  url: URL,
  headers: Record<string, string>,
  timeoutMillis: number,
): Promise<{ status: number; body: unknown }> {
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(timeoutMillis) });
    const text = await response.text();
    return { status: response.status, body: jsonOf(text) };
  } catch (error) {
    const { name, message, cause } = error as Error;
    if (name === "TimeoutError") throw new BadInput(`${url}: no answer within ${timeoutMillis / 1000} s`);
    throw new BadInput(`${url}: ${cause instanceof Error ? cause.message || message : message}`);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function finiteOrGap(text: string): number {
  const value = Number(text);
  return Number.isFinite(value) ? value : Number.NaN;
}

function nameOf({ __name__: name = "", ...labels }: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return pairs.length === 0 ? name || "value" : `${name}{${pairs.join(",")}}`;
}
