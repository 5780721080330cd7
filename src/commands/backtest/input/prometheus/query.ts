import { BadInput, type ReadSeries } from "../grid-series.ts";
import { joined, type Matrix, matrixOf, seriesOfMatrix } from "./matrix.ts";
import { queriesOf } from "./range-query.ts";

/**
 * Queries Prometheus, in several requests when the range has more points than Prometheus answers at
 * once. A user and a password in the address are sent as basic authentication, and never shown.
 *
 * @throws BadInput with the network error or the error of Prometheus.
 */
export async function queryPrometheus(given: URL, timeoutMillis: number): Promise<ReadSeries> {
  const { url, headers } = withoutCredentials(given);
  const parts: Matrix[] = [];
  for (const query of queriesOf(url)) {
    const { status, body } = await ask(query, headers, timeoutMillis);
    parts.push(matrixOf(query.href, body, status));
  }
  return seriesOfMatrix(url.href, joined(parts));
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
