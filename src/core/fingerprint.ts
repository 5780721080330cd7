const BITS_32 = 2 ** 32;
const BITS_21 = 2 ** 21;

/**
 * A text as a whole number of 53 bits, from 1 up: equal for equal texts, and for two others once in 2^53. Two
 * multiplicative hashes side by side, mixed at the end as in MurmurHash3 (cyrb53, by bryc, public domain:
 * https://github.com/bryc/code/blob/master/jshash/experimental/cyrb53.js). O(length).
 */
export function fingerprint(text: string): number {
  let one = 0xdeadbeef;
  let other = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    one = Math.imul(one ^ code, 2654435761);
    other = Math.imul(other ^ code, 1597334677);
  }
  one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(other ^ (other >>> 13), 3266489909);
  other = Math.imul(other ^ (other >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
  return BITS_32 * ((other >>> 0) % BITS_21) + (one >>> 0) || 1;
}
