import { realpathSync } from "node:fs";

/** The scripts that package managers are started by, as they lie on the disk. */
const LAUNCHERS = [
  /\/npm\/bin\/(npm|npx)(-cli|-prefix)?\.js$/,
  /\/yarn(pkg|-v[^/]*)?\/bin\/yarn(pkg)?\.js$/,
  /\/\.yarn\/releases\/yarn[^/]*\.c?js$/,
  /\/pnpm\/bin\/pnp[mx]\.(c|m)?js$/,
  /\/corepack\/(dist|shims)\/[^/]+\.js$/,
];

/**
 * Whether a process is a package manager that starts others, such as the one of `npm run agent`: it inherits the
 * variables that are meant for what it starts.
 *
 * @param script what the process runs, `process.argv[1]`.
 */
export function isPackageManager(script: string | undefined): boolean {
  if (script === undefined) return false;
  const path = onDisk(script).replaceAll("\\", "/");
  return LAUNCHERS.some((launcher) => launcher.test(path));
}

/** `npm` on the PATH is a link to the script. */
function onDisk(script: string): string {
  try {
    return realpathSync(script);
  } catch {
    return script;
  }
}
