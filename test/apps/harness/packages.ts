import { join } from "node:path";
import { cached } from "./cache.ts";
import { mustRun } from "./run.ts";

/** The folder of a published package, without its dependencies. Its install scripts do not run. */
export function packageOf(name: string, version: string): string {
  const file = `${name.replace(/^@/, "").replace("/", "-")}-${version}.tgz`;
  const folder = cached(file.replace(/\.tgz$/, ""), version, (into) => {
    mustRun("npm", ["pack", `${name}@${version}`, "--silent"], into);
    mustRun("tar", ["xzf", file], into);
  });
  return join(folder, "package");
}
