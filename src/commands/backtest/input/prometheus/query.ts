import { withoutCredentials } from "../../../../promql/address.ts";
import { MAX_ANSWER_BYTES } from "../../../../promql/limits.ts";
import { BadInput } from "../../../bad-input.ts";
import type { ReadSeries } from "../grid-series.ts";
import { MAX_INPUT_BYTES, readBounded, TooLong } from "../read-bounded.ts";
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
  let leftBytes = MAX_INPUT_BYTES;
  for (const query of queriesOf(url)) {
    const { status, body, bytes } = await ask(query, headers, timeoutMillis, leftBytes);
    leftBytes -= bytes;
    parts.push(matrixOf(query.href, body, status));
  }
  return seriesOfMatrix(url.href, joined(parts));
}

async function ask(
  url: URL,
  headers: Record<string, string>,
  timeoutMillis: number,
  leftBytes: number,
): Promise<{ status: number; body: unknown; bytes: number }> {
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(timeoutMillis) });
    const bytes = await bytesOf(response, Math.min(MAX_ANSWER_BYTES, leftBytes));
    return { status: response.status, body: jsonOf(new TextDecoder().decode(bytes)), bytes: bytes.length };
  } catch (error) {
    if (error instanceof TooLong) throw new BadInput(`${url}: ${tooLong(leftBytes)}`);
    const { name, message, cause } = error as Error;
    if (name === "TimeoutError") throw new BadInput(`${url}: no answer within ${timeoutMillis / 1000} s`);
    throw new BadInput(`${url}: ${cause instanceof Error ? cause.message || message : message}`);
  }
}

/**
 * The bytes of an answer, after decompression.
 *
 * @throws TooLong as soon as they exceed the limit. The rest is not received.
 */
async function bytesOf({ body, headers }: Response, maxBytes: number): Promise<Uint8Array> {
  if (Number(headers.get("content-length")) > maxBytes) {
    await body?.cancel();
    throw new TooLong();
  }
  return body === null ? new Uint8Array() : readBounded(body, maxBytes);
}

function tooLong(leftBytes: number): string {
  const longer =
    leftBytes > MAX_ANSWER_BYTES
      ? `the answer is longer than ${MAX_ANSWER_BYTES / 2 ** 20} MiB`
      : `the answers together are longer than ${MAX_INPUT_BYTES / 2 ** 20} MiB`;
  return `${longer}: use a larger --step, or a query with fewer series`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
