import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where tools and packages are kept between runs, outside the clone; `OTEL_FORECAST_TOOLS_DIR` names another place. */
const cache =
  process.env.OTEL_FORECAST_TOOLS_DIR ||
  join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "otel-forecast");

/** A folder that is filled once for each content of `key`, by `fill`; what is there is whole. */
export function cached(name: string, key: string, fill: (folder: string) => void): string {
  const folder = join(cache, `${name}-${createHash("sha256").update(key).digest("hex").slice(0, 16)}`);
  if (existsSync(folder)) return folder;
  const half = `${folder}.${process.pid}`;
  mkdirSync(half, { recursive: true });
  try {
    fill(half);
    renameSync(half, folder);
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
  return folder;
}
