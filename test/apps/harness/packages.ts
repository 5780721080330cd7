import { join } from "node:path";
import { cached } from "./cache.ts";
import { mustRun } from "./run.ts";

/** The folder of a package of the registry as it is published: without what it depends on, and without its install scripts. */
export function packageOf(name: string, version: string): string {
  const file = `${name.replace(/^@/, "").replace("/", "-")}-${version}.tgz`;
  const folder = cached(file.replace(/\.tgz$/, ""), version, (into) => {
    mustRun("npm", ["pack", `${name}@${version}`, "--silent"], into);
    mustRun("tar", ["xzf", file], into);
  });
  return join(folder, "package");
}
