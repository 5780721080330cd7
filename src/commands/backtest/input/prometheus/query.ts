import { BadInput, type ReadSeries } from "../grid-series.ts";
import { joined, type Matrix, matrixOf, seriesOfMatrix } from "./matrix.ts";
import { queriesOf } from "./range-query.ts";

/** The maximum of one answer: 10,000 points of about 200 series. */
const MAX_ANSWER_BYTES = 64 * 2 ** 20;

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
    return { status: response.status, body: jsonOf(await boundedText(response)) };
  } catch (error) {
    if (error instanceof TooLong) throw new BadInput(`${url}: ${error.message}`);
    const { name, message, cause } = error as Error;
    if (name === "TimeoutError") throw new BadInput(`${url}: no answer within ${timeoutMillis / 1000} s`);
    throw new BadInput(`${url}: ${cause instanceof Error ? cause.message || message : message}`);
  }
}

/** An answer that is longer than the limit. */
class TooLong extends Error {}

/**
 * The text of an answer, after decompression.
 *
 * @throws TooLong as soon as it exceeds the limit. The rest is not received.
 */
async function boundedText({ body, headers }: Response): Promise<string> {
  const tooLong = (): TooLong =>
    new TooLong(
      `the answer is longer than ${MAX_ANSWER_BYTES / 2 ** 20} MiB: use a larger --step, or a query with fewer series`,
    );
  if (Number(headers.get("content-length")) > MAX_ANSWER_BYTES) {
    await body?.cancel();
    throw tooLong();
  }
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of body ?? []) {
    bytes += part.length;
    if (bytes > MAX_ANSWER_BYTES) throw tooLong();
    parts.push(part);
  }
  return new TextDecoder().decode(Buffer.concat(parts));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
