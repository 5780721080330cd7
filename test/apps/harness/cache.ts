import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * The cache of tools and packages, outside the clone. `OTEL_FORECAST_TOOLS_DIR` sets another
 * folder.
 */
const cache =
  process.env.OTEL_FORECAST_TOOLS_DIR ||
  join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "otel-forecast");

/** A folder that `fill` fills once for each content of `key`. It is complete or does not exist. */
export function cached(name: string, key: string, fill: (folder: string) => void): string {
  const folder = join(cache, `${name}-${createHash("sha256").update(key).digest("hex").slice(0, 16)}`);
  if (existsSync(folder)) return folder;
  const half = `${folder}.${process.pid}`;
  mkdirSync(half, { recursive: true });
  try {
    fill(half);
    rename(half, folder);
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
  return folder;
}

/** Another test file may have filled the folder in the meantime. */
function rename(half: string, folder: string): void {
  try {
    renameSync(half, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}
