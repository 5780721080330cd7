const UNRELEASED = "## Unreleased";

/**
 * Moves the entries under "Unreleased" to a new section for the version.
 *
 * @param {string} text CHANGELOG.md
 * @param {string} version such as `1.2.3`
 * @param {string} date such as `2026-01-31`
 * @throws Error if there is no such heading, nothing under it, or a section of the version already.
 */
export function withRelease(text, version, date) {
  const lines = text.split("\n");
  const start = lines.indexOf(UNRELEASED);
  if (start < 0) throw new Error(`CHANGELOG.md has no heading "${UNRELEASED}"`);
  if (lines.some((line) => line.startsWith(`## ${version} `)))
    throw new Error(`CHANGELOG.md has a section of ${version} already`);
  const next = lines.findIndex((line, index) => index > start && line.startsWith("## "));
  const section = lines.slice(start + 1, next < 0 ? undefined : next);
  if (!section.some((line) => line.startsWith("- ")))
    throw new Error(`CHANGELOG.md has no entry under "${UNRELEASED}"`);
  return lines.toSpliced(start, 1, UNRELEASED, "", `## ${version} - ${date}`).join("\n");
}
