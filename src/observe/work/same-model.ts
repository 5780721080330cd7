/** What follows the name of a model in that of another one of its family: `-mini`, `.1`, `-32k`. */
const OF_FAMILY =
  /^(\.\d|-(mini|nano|micro|lite|small|medium|large|pro|max|plus|turbo|flash|fast|codex|chat|vision|audio|realtime|search|\d+[kb])(?![a-z]))/i;

/**
 * One may be the version that answered (`gpt-4o-2024-08-06`), the other the name that was asked
 * for. `gpt-4o-mini` is another model.
 */
export function isSameModel(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return true;
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return long.startsWith(short) && !OF_FAMILY.test(long.slice(short.length));
}
