/**
 * One line about the frameworks.
 *
 * @param {readonly { name: string, version: string, newest: string | undefined }[]} frameworks `newest` is
 * absent if the registry did not answer.
 */
export function lineOf(frameworks) {
  const newer = frameworks.filter(({ version, newest }) => newest !== undefined && newest !== version);
  const silent = frameworks.filter(({ newest }) => newest === undefined);
  const parts = [];
  if (newer.length > 0)
    parts.push(
      `newer than tested: ${newer.map((it) => `${it.name} ${it.newest} (tested: ${it.version})`).join(", ")}`,
    );
  if (silent.length > 0) parts.push(`no answer about ${silent.map(({ name }) => name).join(", ")}`);
  return `frameworks: ${parts.join("; ") || "the newest versions are tested"}`;
}
