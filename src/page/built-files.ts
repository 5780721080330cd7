import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

/** What a browser loads beside the page. */
export interface BuiltFiles {
  readonly script: string;
  readonly style: string;
}

/**
 * The files that `npm run build` makes for browsers. The package has them in its code: the build puts
 * another module in the place of this one. Without a build the page has neither style nor script.
 */
export function builtFiles(): BuiltFiles {
  const read = (name: string): string => {
    const path = resolve(import.meta.dirname, "../../build/page", name);
    return existsSync(path) ? readFileSync(path, "utf8") : "";
  };
  return { script: read("page.js"), style: read("page.css") };
}
