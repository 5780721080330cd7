/**
 * The newest version in an answer of `npm view PACKAGE version --json`: a version or, for a range of
 * versions, all of them.
 *
 * @param {string} answer
 * @returns {string | undefined}
 */
export function newestIn(answer) {
  if (answer.trim() === "") return undefined;
  /** @type {string | string[]} */
  const versions = JSON.parse(answer);
  const sound = [versions].flat().filter((version) => !version.includes("-"));
  return sound.toSorted((one, other) => one.localeCompare(other, "en", { numeric: true })).at(-1);
}
