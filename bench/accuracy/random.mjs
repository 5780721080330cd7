/** Numbers in [0, 1) from a seed, by a linear congruential generator (MINSTD). */
export function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return (state - 1) / 2147483646;
  };
}
