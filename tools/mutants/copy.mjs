import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** What git does not hold and the tests read; it is linked, and no test writes to it. */
const LINKED = ["node_modules", "build", "dist"];

/** The files of the working tree, with what is not committed, relative to its root. */
export function filesOf(root) {
  const list = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  return list.split("\0").filter((file) => file !== "" && existsSync(join(root, file)));
}

/** Copies the project to a temporary folder, which is removed when this process exits. */
export function copyOf(root, files) {
  const copy = realpathSync(mkdtempSync(join(tmpdir(), "otel-forecast-mutants-")));
  process.once("exit", () => rmSync(copy, { recursive: true, force: true, maxRetries: 5 }));
  for (const folder of new Set(files.map(dirname))) mkdirSync(join(copy, folder), { recursive: true });
  for (const file of files) copyFileSync(join(root, file), join(copy, file));
  for (const name of LINKED.filter((it) => existsSync(join(root, it)))) {
    symlinkSync(join(root, name), join(copy, name), "junction");
  }
  return copy;
}
