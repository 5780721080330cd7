/** The primes of xxHash32. */
const [P1, P2, P3, P4, P5] = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f, 0x165667b1];
const STRIPE_BYTES = 16;
const WORD_BYTES = 4;
/** A character has at most three bytes for each of its UTF-16 units. */
const MOST_BYTES_OF_UNIT = 3;
const encoder = new TextEncoder();
let bytes = new Uint8Array(1024);
let words = new DataView(bytes.buffer);

/**
 * The hash xxHash32, with the seed 0, of the UTF-8 bytes of a text: an unsigned 32-bit integer. It is the
 * same in every process and version. A surrogate without its other half counts as U+FFFD.
 *
 * Source: Y. Collet, "xxHash fast digest algorithm", version 0.1.1 of the specification (2018),
 * https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md.
 */
export function xxHash32(text: string): number {
  const length = encoded(text);
  const stripesEnd = length - (length % STRIPE_BYTES);
  let hash = (stripesEnd === 0 ? P5 : ofStripes(stripesEnd)) + length;
  let at = stripesEnd;
  for (; at + WORD_BYTES <= length; at += WORD_BYTES)
    hash = Math.imul(rotated(hash + Math.imul(words.getUint32(at, true), P3), 17), P4);
  for (; at < length; at += 1) hash = Math.imul(rotated(hash + Math.imul(bytes[at] as number, P5), 11), P1);
  hash = Math.imul(hash ^ (hash >>> 15), P2);
  hash = Math.imul(hash ^ (hash >>> 13), P3);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Puts the bytes of a text into `bytes`, and returns how many there are. */
function encoded(text: string): number {
  if (bytes.length < text.length * MOST_BYTES_OF_UNIT) {
    bytes = new Uint8Array(text.length * MOST_BYTES_OF_UNIT * 2);
    words = new DataView(bytes.buffer);
  }
  return encoder.encodeInto(text, bytes).written;
}

/** Takes the bytes before `end`, four lanes side by side. */
function ofStripes(end: number): number {
  let [lane1, lane2, lane3, lane4] = [(P1 + P2) | 0, P2 | 0, 0, -P1 | 0];
  for (let at = 0; at < end; at += STRIPE_BYTES) {
    lane1 = round(lane1, words.getUint32(at, true));
    lane2 = round(lane2, words.getUint32(at + WORD_BYTES, true));
    lane3 = round(lane3, words.getUint32(at + 2 * WORD_BYTES, true));
    lane4 = round(lane4, words.getUint32(at + 3 * WORD_BYTES, true));
  }
  return rotated(lane1, 1) + rotated(lane2, 7) + rotated(lane3, 12) + rotated(lane4, 18);
}

function round(lane: number, word: number): number {
  return Math.imul(rotated(lane + Math.imul(word, P2), 13), P1);
}

function rotated(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
