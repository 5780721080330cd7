import { join } from "node:path";
import { packageOf } from "./packages.ts";

/** The Node that the tests run on. */
export const CURRENT = process.versions.node;
/** The newest Node. */
export const NEWEST = "26.12.1";

/** Node in this version, from the npm package with its binary. */
export function nodeOf(version: string): string {
  if (version === CURRENT) return process.execPath;
  return join(packageOf(`node-${process.platform}-${process.arch}`, version), "bin/node");
}
