/**
 * A number from 0 to 1 that is the same in each process, and other for another id (FNV-1a,
 * http://www.isthe.com/chongo/tech/comp/fnv/).
 */
export function phaseOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index += 1)
    hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  return (hash >>> 0) / 2 ** 32;
}
