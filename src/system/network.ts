import { readMachineFile } from "./machine-file.ts";

/** Where network figures come from. `now` is a monotonic clock in milliseconds. */
export interface NetworkSources {
  readonly root: string;
  readonly now: () => number;
}

interface NetworkReading {
  readonly atMillis: number;
  /** Bytes received and sent since each interface came up. */
  readonly bytesByInterface: ReadonlyMap<string, number>;
}

/**
 * Measures bytes per second, in and out together, over all interfaces but the loopback. Where interfaces carry each
 * other's traffic (a bridge and its members), a byte counts on each, as it does in other tools.
 */
export class NetworkMeter {
  readonly #sources: NetworkSources;
  #previous: NetworkReading | undefined;

  constructor(sources: NetworkSources) {
    this.#sources = sources;
  }

  /**
   * Bytes per second since the last reading. `undefined` for the first reading, and where the system has no
   * `/proc/net/dev`; 0 where it has one that lists the loopback alone.
   */
  async read(): Promise<number | undefined> {
    const before = this.#previous;
    const text = await readMachineFile(this.#sources.root, "proc/net/dev");
    if (text === undefined) return undefined;
    const after = { atMillis: this.#sources.now(), bytesByInterface: parseInterfaces(text) };
    this.#previous = after;
    if (before === undefined || after.atMillis <= before.atMillis) return undefined;
    return (bytesBetween(before, after) / (after.atMillis - before.atMillis)) * 1000;
  }
}

function bytesBetween(before: NetworkReading, after: NetworkReading): number {
  let bytes = 0;
  for (const [name, current] of after.bytesByInterface) {
    const previous = before.bytesByInterface.get(name);
    // Of an interface that is new here nobody knows when its bytes went; one whose count fell began anew at 0.
    if (previous !== undefined) bytes += current < previous ? current : current - previous;
  }
  return bytes;
}

/**
 * Two header lines, then `name: ` and 16 columns for each interface; the first is bytes received, the ninth bytes sent.
 * Source: https://man7.org/linux/man-pages/man5/proc_pid_net.5.html
 */
function parseInterfaces(text: string): Map<string, number> {
  const bytesByInterface = new Map<string, number>();
  for (const line of text.split("\n").slice(2)) {
    const colon = line.lastIndexOf(":");
    const name = line.slice(0, colon).trim();
    const columns = line
      .slice(colon + 1)
      .trim()
      .split(/\s+/);
    const bytes = Number(columns[0]) + Number(columns[8]);
    if (colon > 0 && name !== "lo" && Number.isFinite(bytes)) bytesByInterface.set(name, bytes);
  }
  return bytesByInterface;
}
