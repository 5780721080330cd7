const MOST_NAMES = 3;

/** The names that a name may have been meant as, at most three: those with the fewest edits first. */
export function nearestNames(
  name: string,
  names: Iterable<string>,
  maxEdits = Number.POSITIVE_INFINITY,
): string[] {
  return [...new Set(names)]
    .map((other) => ({ other, edits: editsBetween(name, other) }))
    .filter(({ edits }) => edits <= maxEdits)
    .sort((one, another) => one.edits - another.edits)
    .slice(0, MOST_NAMES)
    .map(({ other }) => other);
}

/** Whether a name differs from one of the others by a slip of the hand: one letter in eight. */
export function isSlipOf(name: string, names: Iterable<string>): boolean {
  const most = Math.floor(name.length / 8);
  for (const other of names) {
    if (Math.abs(other.length - name.length) > most) continue;
    if (editsBetween(name, other) <= most) return true;
  }
  return false;
}

/**
 * The Levenshtein distance: how many letters have to be inserted, deleted or replaced.
 * O(product of lengths).
 */
function editsBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const replaced = (row[j - 1] as number) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[other.length] as number;
}
