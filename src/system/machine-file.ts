import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The text of a file that the kernel shows (`proc/meminfo`), under `root`, which is `/` outside tests. `undefined`
 * where there is no such file: another operating system, another kernel, another version of cgroups. It is read at once: the
 * kernel makes the text as it is read and waits for nothing, and a thread that reads it costs more CPU time.
 */
export async function readMachineFile(root: string, path: string): Promise<string | undefined> {
  try {
    return readFileSync(join(root, path), "utf8");
  } catch (error) {
    // ENODEV: the kernel answers so when the controller behind the file went away with its cgroup.
    if (["ENOENT", "ENOTDIR", "ENODEV"].includes((error as NodeJS.ErrnoException).code ?? ""))
      return undefined;
    throw error;
  }
}

/** The number that follows `key` in a file of lines `key 123` or `key: 123 kB`; `undefined` where it has none. */
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
