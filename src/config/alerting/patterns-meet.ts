/** Whether some text matches both patterns, in which `*` stands for anything and `?` for one character. O(product of lengths). */
export function patternsMeet(one: string, other: string): boolean {
  // reached[j]: whether what has been read of `one` and the first j characters of `other` can match the same text.
  let reached = [true];
  for (const theirs of other) reached.push(theirs === "*" && reached.at(-1) === true);
  for (const ours of one) {
    const next = [ours === "*" && reached[0] === true];
    for (const [j, theirs] of [...other].entries()) {
      const isEither = ours === "*" || theirs === "*";
      const isSame = ours === theirs || ours === "?" || theirs === "?";
      next.push(isEither ? next[j] === true || reached[j + 1] === true : isSame && reached[j] === true);
    }
    reached = next;
  }
  return reached.at(-1) === true;
}
