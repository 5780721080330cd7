import { fingerprint } from "../core/short-name.ts";

/** Longer keys are hashed: who keeps a key must not keep a long text. */
const MAX_KEY_LENGTH = 2048;
const LENGTH_OF_START = 1000;

/** What `toString("latin1")` of a `Buffer` calls: the key of a point costs little more than this. */
export type ByteText = Buffer & { latin1Slice(start: number, end: number): string };

/** The bytes, to make texts of them. They are not copied. */
export function byteTextOf(bytes: Uint8Array): ByteText {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) as ByteText;
}

/** A text that only the same bytes have. */
export function keyOf(bytes: ByteText, start: number, end: number): string {
  if (end - start <= MAX_KEY_LENGTH) return bytes.latin1Slice(start, end);
  const hash = fingerprint(bytes.latin1Slice(start, end)).toString(36);
  return `${bytes.latin1Slice(start, start + LENGTH_OF_START)}#${end - start}#${hash}`;
}
