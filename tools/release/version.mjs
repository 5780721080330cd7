import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const KINDS = ["major", "minor", "patch"];

/**
 * @param {string} version such as `1.2.3`
 * @param {string} kind one of `KINDS`
 */
export function nextVersion(version, kind) {
  const numbers = /^(\d+)\.(\d+)\.(\d+)$/.exec(version)?.slice(1).map(Number);
  if (numbers === undefined) throw new Error(`the version is ${version}, expected one such as 1.2.3`);
  const raised = KINDS.indexOf(kind);
  return numbers
    .map((number, index) => (index < raised ? number : Number(index === raised) * (number + 1)))
    .join(".");
}

/** The version that package.json of a folder has. */
export function versionIn(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version;
}

/** Writes the version into package.json and package-lock.json of a folder. */
export function writeVersion(folder, version) {
  edit(join(folder, "package.json"), (content) => {
    content.version = version;
  });
  edit(join(folder, "package-lock.json"), (content) => {
    content.version = version;
    content.packages[""].version = version;
  });
}

function edit(file, change) {
  const content = JSON.parse(readFileSync(file, "utf8"));
  change(content);
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}
