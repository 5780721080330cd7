import { randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  fsyncSync,
  openSync,
  renameSync,
  unlinkSync,
  writeSync as writeBytesSync,
} from "node:fs";
import {
  access,
  copyFile,
  type FileHandle,
  link,
  mkdir,
  open,
  readdir,
  rename,
  stat,
  unlink,
} from "node:fs/promises";
import { dirname, join } from "node:path";

/** Only the user of the process reads and writes its history. */
const MODE = 0o600;
/** Windows has neither links to follow nor pipes in folders: there both are undefined, which adds no flag. */
const { O_NOFOLLOW: NO_FOLLOW, O_NONBLOCK: NO_WAIT } = constants;
/** A file that does not exist is created; nothing that is there is followed or overwritten. */
const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | NO_FOLLOW;
/** A pipe without a writer answers at once. */
const EXISTING = {
  read: constants.O_RDONLY | NO_FOLLOW | NO_WAIT,
  append: constants.O_WRONLY | constants.O_APPEND | NO_FOLLOW | NO_WAIT,
};

/** The code of an error of the file system, such as `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}

/**
 * Opens a file to read it, or to write at its end. A symbolic link is not followed, and anything that
 * is not a file is refused: a pipe would be waited for.
 *
 * @returns `undefined` if there is none.
 */
export async function openFile(
  path: string,
  access: keyof typeof EXISTING = "read",
): Promise<FileHandle | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(path, EXISTING[access]);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    if (codeOf(error) === "ELOOP") throw new Error("it is a symbolic link, which is not followed");
    throw error;
  }
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw new Error("it is not a file");
}

/**
 * Replaces a file: writes a new one, flushes it to the disk, and renames it. A process that dies
 * meanwhile, and a full disk, leave the old file whole.
 *
 * @param unfinished the new file until it is renamed; from `unfinishedName`.
 */
export async function replaceFile(
  path: string,
  unfinished: string,
  write: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const handle = await createFile(unfinished);
  try {
    try {
      await write(handle);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await unlink(unfinished).catch(() => {});
    throw error;
  }
  await flushFolder(dirname(path));
}

/** The same at once, for a process that ends. The folder has to exist. */
export function replaceFileNow(path: string, unfinished: string, bytes: Buffer): void {
  const file = openSync(unfinished, CREATE, MODE);
  try {
    try {
      for (let from = 0; from < bytes.length; ) from += writeBytesSync(file, bytes, from);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(unfinished, path);
  } catch (error) {
    removeNow(unfinished);
    throw error;
  }
}

/** Removes a file, if it is there. */
export function removeNow(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It was not there, or it can't be removed: the next process tries again.
  }
}

/** A name beside a file that nobody can know before. */
export function unfinishedName(path: string): string {
  return `${path}.${randomBytes(6).toString("hex")}.tmp`;
}

/**
 * Removes the unfinished files of processes that were killed, also those of older versions.
 *
 * @param isOurs tells by its name whether a file in the folder is one that we write.
 */
export async function removeUnfinished(folder: string, isOurs: (name: string) => boolean): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, written] = /^(.+)\.(?:[0-9a-f]{12}|\d+)\.tmp$/.exec(name) ?? [];
    if (written !== undefined && isOurs(written)) await unlink(join(folder, name));
  }
}

/**
 * Keeps a file under another name beside it, so that the next save does not overwrite it. The file
 * stays where it is. The name is that of the file's last change: a file that several processes set
 * aside is kept once.
 *
 * @returns the name.
 */
export async function setAside(path: string, why: string): Promise<string> {
  const { mtime } = await stat(path);
  const kept = `${path}.${why}-${mtime.toISOString().replaceAll(/[-:]/g, "")}`;
  await link(path, kept)
    // Not every file system has hard links.
    .catch(() => copyFile(path, kept, constants.COPYFILE_EXCL))
    .catch((error) => {
      if (codeOf(error) !== "EEXIST") throw error;
    });
  return kept;
}

/**
 * Creates a folder and its missing parents one by one: Node's recursive way never ends under
 * `/proc`.
 *
 * @param mode of the folder itself, if it is created.
 */
export async function createFolder(path: string, mode?: number): Promise<void> {
  if (await exists(path)) return;
  await createFolder(dirname(path));
  try {
    await mkdir(path, mode);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  }
}

function createFile(path: string): Promise<FileHandle> {
  return open(path, CREATE, MODE);
}

/** Makes a rename last over a loss of power. Not every system flushes folders. */
async function flushFolder(path: string): Promise<void> {
  try {
    const handle = await open(path, constants.O_RDONLY);
    await handle.sync().finally(() => handle.close());
  } catch {
    // The file itself is flushed.
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return dirname(path) === path;
  }
}
