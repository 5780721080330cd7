import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../../core/text-of.ts";
import { createFolder, removeUnfinished } from "../../storage/safe-files.ts";
import type { SlotFile } from "./slot-file.ts";
import type { StateLog } from "./state-log.ts";
import type { LoadedRecord } from "./state-record.ts";

/** Only the user of the process can enter it. */
const FOLDER_MODE = 0o700;
const FILE_OF_SLOT = /^slot-[0-9a-f]{2}$/;
const KEPT = /^slot-[0-9a-f]{2}\.corrupt-/;

/** Takes over a record. Returns `false` if it can't be used. */
export type OnRecord = (record: LoadedRecord) => boolean;

/**
 * Loads the files that were not read so far. One that can't be read does not keep the others from being loaded,
 * and is tried again by the next call.
 */
export async function loadSlots(files: Iterable<SlotFile>, onRecord: OnRecord, log: StateLog): Promise<void> {
  const problems: string[] = [];
  let unusable = 0;
  const take = (record: LoadedRecord): void => {
    if (!isUsed(record, onRecord)) unusable += 1;
  };
  for (const file of files) {
    if (file.state !== "unread") continue;
    try {
      await file.load(take);
    } catch (error) {
      problems.push(`${file.name} can't be read: ${messageOf(error)}`);
    }
  }
  if (unusable > 0) problems.push(`${unusable} of its records can't be used`);
  const [first, ...others] = problems;
  const more = others.length > 0 ? ` (and ${others.length} more problems)` : "";
  if (first !== undefined) log.cannotBe("used as a whole", `${first}${more}`);
}

/**
 * Creates the folder if it is missing.
 *
 * @throws if it is no folder. A symbolic link is none.
 */
export async function expectFolder(directory: string): Promise<void> {
  await createFolder(directory, FOLDER_MODE);
  const status = await lstat(directory);
  if (status.isSymbolicLink())
    throw new Error("it is a symbolic link, which is not followed: name the folder itself");
  if (!status.isDirectory()) throw new Error("it is not a folder");
}

/** Removes what killed processes left unfinished. */
export async function tidyFolder(directory: string): Promise<void> {
  await removeUnfinished(directory, (name) => FILE_OF_SLOT.test(name)).catch(() => {});
}

/** The bytes of the damaged files that were kept. */
export async function keptBytes(directory: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(directory).catch(() => []))
    if (KEPT.test(name))
      bytes += await lstat(join(directory, name)).then(
        ({ size }) => size,
        () => 0,
      );
  return bytes;
}

function isUsed(record: LoadedRecord, onRecord: OnRecord): boolean {
  try {
    return onRecord(record);
  } catch {
    return false;
  }
}
