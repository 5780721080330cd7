/** Pseudo-random numbers from 0 to 1, the same for the same seed. Mulberry32. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The same bytes with one bit turned, and which that is. */
export function withTurnedBit(
  whole: Buffer,
  random: () => number,
): { bytes: Buffer; at: number; where: string } {
  const at = Math.floor(random() * whole.length);
  const bit = Math.floor(random() * 8);
  const bytes = Buffer.from(whole);
  bytes[at] = (bytes[at] as number) ^ (1 << bit);
  return { bytes, at, where: `bit ${bit} of byte ${at}` };
}
