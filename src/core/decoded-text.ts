/** The encodings that a text can have. */
type Encoding = "utf-8" | "utf-16le" | "utf-16be";

/** A byte order mark has at most three bytes. */
const PROBED_BYTES = 4;

/**
 * The text of a file: UTF-8, or UTF-16 as PowerShell and Excel write it. A byte order mark is left
 * out.
 */
export function decodedText(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

/** The text of a stream, in parts, decoded as `decodedText` does. */
export async function* decodedParts(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let start: Uint8Array = new Uint8Array(0);
  for await (const bytes of stream) {
    start = decoder === undefined ? Buffer.concat([start, bytes]) : bytes;
    if (decoder === undefined && start.length < PROBED_BYTES) continue;
    decoder ??= new TextDecoder(encodingOf(start));
    yield decoder.decode(start, { stream: true });
  }
  yield decoder === undefined ? decodedText(start) : decoder.decode();
}

/** By the byte order mark; without one, a zero byte beside an ASCII character shows UTF-16. */
function encodingOf([first, second, third]: Uint8Array): Encoding {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (first !== 0 && second === 0 && third !== 0) return "utf-16le";
  return first === 0 && second !== 0 ? "utf-16be" : "utf-8";
}
