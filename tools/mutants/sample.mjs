/** Random numbers from 0 to 1 that a seed determines (mulberry32, by Tommy Ettinger). */
export function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function shuffled(items, random) {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

/** One from each group in turn, until none is left. */
function inTurn(groups) {
  const longest = Math.max(0, ...groups.map((group) => group.length));
  return Array.from({ length: longest }, (_, i) => groups.flatMap((group) => group.slice(i, i + 1))).flat();
}

/** The first of these that fulfil a condition. It is asked of no more than is needed. */
function firstOf(items, count, condition) {
  const found = [];
  for (const item of items) {
    if (found.length === count) break;
    if (condition(item)) found.push(item);
  }
  return found;
}

function grouped(items, key) {
  return [...Map.groupBy(items, key).values()];
}

/**
 * Chooses mutants at random: about as many of each room, and in a room about as many of each operator.
 * The same seed and the same source give the same sample.
 * @template {{room: string, operator: string}} T
 * @param {T[]} mutants
 * @param {number} count
 * @param {number} seed
 * @param {(mutant: T) => boolean} isWanted
 * @returns {T[]}
 */
export function sampleOf(mutants, count, seed, isWanted) {
  const random = randomOf(seed);
  const rooms = grouped(shuffled(mutants, random), (it) => it.room).map((room) =>
    inTurn(
      shuffled(
        grouped(room, (it) => it.operator),
        random,
      ),
    ),
  );
  return firstOf(inTurn(rooms), count, isWanted);
}
