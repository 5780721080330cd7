import { lstat, readdir, rmdir, unlink } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** A process that has just made its folder may not listen yet. */
const OLD_MILLIS = 60_000;
/** The most that one process looks at: there may be many, and others look too. */
const MAX_FOLDERS = 1000;

/**
 * Removes folders with a socket of processes that could not do it, since they were killed. A folder with
 * anything else in it stays. Does not keep the process alive, but for the folder at hand.
 *
 * @param isFolder whether a name in `parent` is that of such a folder.
 */
export async function removeAbandonedSockets(
  parent: string,
  isFolder: (name: string) => boolean,
  socketName: string,
): Promise<void> {
  const names = await readdir(parent).catch((): string[] => []);
  for (const name of names.filter(isFolder).slice(0, MAX_FOLDERS)) {
    await delay(1, undefined, { ref: false });
    const folder = join(parent, name);
    const socket = join(folder, socketName);
    try {
      const found = await lstat(socket);
      if (!found.isSocket() || Date.now() - found.mtimeMs < OLD_MILLIS || !(await isRefused(socket)))
        continue;
      await unlink(socket);
      await rmdir(folder);
    } catch {
      // It is not ours, or another process removes it.
    }
  }
}

/** Whether nobody listens at a socket any more. */
function isRefused(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const attempt = connect(path);
    attempt.unref();
    attempt.once("connect", () => {
      attempt.destroy();
      resolve(false);
    });
    attempt.once("error", (error: NodeJS.ErrnoException) => resolve(error.code === "ECONNREFUSED"));
  });
}
