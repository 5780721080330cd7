/** Options are nested less deep. */
const DEEPEST = 8;

/**
 * How many entries the lists in an option have, at any depth. Holes are entries: a list of a few bytes
 * can have billions. It does not count far beyond `most`.
 */
export function entriesIn(option: unknown, most: number, depth = DEEPEST): number {
  if (typeof option !== "object" || option === null || depth === 0) return 0;
  let entries = Array.isArray(option) ? option.length : 0;
  if (entries > most) return entries;
  for (const inner of Object.values(option)) {
    entries += entriesIn(inner, most - entries, depth - 1);
    if (entries > most) break;
  }
  return entries;
}
