import { readFileSync } from "node:fs";

const INSTALLED = /^file:.*\/node_modules\/(@[^/]+\/)?[^/]+\/$/;

/**
 * Whether a URL is that of a file of a package, which the app may have installed under another name
 * (`npm install old-openai@npm:openai@5`).
 *
 * @param path that of the file in the package; few other packages have such a file.
 */
export function fileOf(packageName: string, path: RegExp): (url: string) => boolean {
  const ending = new RegExp(`/${path.source}$`);
  return (url) => {
    const at = url.search(ending);
    if (at < 0) return false;
    const folder = url.slice(0, at + 1);
    return folder.endsWith(`/${packageName}/`) || (INSTALLED.test(folder) && nameIn(folder) === packageName);
  };
}

/** What is asked here must not keep a module from being loaded. */
function nameIn(folder: string): unknown {
  try {
    return JSON.parse(readFileSync(new URL("package.json", folder), "utf8")).name;
  } catch {
    return undefined;
  }
}
