/** The maximum size of an input: a table of several million numbers. */
export const MAX_INPUT_BYTES = 128 * 2 ** 20;

/** An input that is longer than its limit. */
export class TooLong extends Error {}

/**
 * The bytes of a stream.
 *
 * @throws TooLong as soon as there are more than `maxBytes`. The rest is not received.
 */
export async function readBounded(
  stream: AsyncIterable<Uint8Array>,
  maxBytes = MAX_INPUT_BYTES,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of stream) {
    bytes += part.length;
    if (bytes > maxBytes) throw new TooLong(`it is longer than ${maxBytes / 2 ** 20} MiB`);
    parts.push(part);
  }
  return Buffer.concat(parts, bytes);
}
