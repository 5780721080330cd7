import { join } from "node:path";
import { cached } from "./cache.ts";
import { mustRun } from "./run.ts";

/** The Node that the tests run on. */
export const CURRENT = process.versions.node;

/** A Node of that version, out of the npm package that holds its binary. */
export function nodeOf(version: string): string {
  if (version === CURRENT) return process.execPath;
  const name = `node-${process.platform}-${process.arch}`;
  const folder = cached(`${name}-${version}`, version, (into) => {
    mustRun("npm", ["pack", `${name}@${version}`, "--silent"], into);
    mustRun("tar", ["xzf", `${name}-${version}.tgz`], into);
  });
  return join(folder, "package/bin/node");
}
