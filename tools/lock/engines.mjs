// npm warns about each development tool that requires a newer Node than the one npm runs on. The
// scripts of this package run on another Node: tools/node puts Node 24 first on their PATH. npm reads
// the requirements from package-lock.json, so they are removed there.
//
//   node tools/lock/engines.mjs           removes `engines` from package-lock.json
//   node tools/lock/engines.mjs --check   fails if there are any
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const file = fileURLToPath(new URL("../../package-lock.json", import.meta.url));
const lock = JSON.parse(readFileSync(file, "utf8"));
// The package itself, under the empty path, keeps its own: npm writes that at every run.
const named = Object.entries(lock.packages).filter(
  ([path, { engines }]) => path !== "" && engines !== undefined,
);

if (!process.argv.includes("--check")) {
  for (const [, entry] of named) delete entry.engines;
  if (named.length > 0) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
} else if (named.length > 0) {
  console.error(`package-lock.json has \`engines\` of ${named.length} packages: run \`npm run lock\``);
  process.exitCode = 1;
}
