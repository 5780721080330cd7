import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * The text of a file of the kernel (`proc/meminfo`) under `root`, which is `/` outside tests.
 * Returns `undefined` if there is no such file: on another operating system, or with another kernel
 * or version of cgroups. The file is read synchronously: the kernel creates the text without
 * waiting for anything, and reading in a thread costs more CPU time.
 */
export async function readMachineFile(root: string, path: string): Promise<string | undefined> {
  return textOf(() => readFileSync(join(root, path), "utf8"));
}

/** Files that other threads read now. */
const underWay = new Map<string, Promise<string | undefined>>();

/**
 * The same of a file that the kernel adds up when it is read, of all CPUs or of all cgroups below. On large machines
 * this takes long, and waits for locks. So another thread reads it, once for all who ask meanwhile.
 *
 * Source: https://github.com/google/cadvisor/issues/2259
 */
export function readSlowMachineFile(root: string, path: string): Promise<string | undefined> {
  const file = join(root, path);
  let read = underWay.get(file);
  if (read === undefined) {
    read = textOf(() => readFile(file, "utf8")).finally(() => underWay.delete(file));
    underWay.set(file, read);
  }
  return read;
}

async function textOf(read: () => string | Promise<string>): Promise<string | undefined> {
  try {
    return await read();
  } catch (error) {
    // ENODEV: the controller of the file was removed together with its cgroup.
    if (["ENOENT", "ENOTDIR", "ENODEV"].includes((error as NodeJS.ErrnoException).code ?? ""))
      return undefined;
    throw error;
  }
}

/**
 * The number after `key` in a file with lines like `key 123` or `key: 123 kB`; `undefined` if there
 * is none.
 */
export function numberAfter(text: string, key: string): number | undefined {
  for (const line of text.split("\n")) {
    const [name, value] = line.split(/[\s:]+/);
    if (name === key && value) return finite(Number(value));
  }
  return undefined;
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
