import { readMachineFile } from "./machine-file.ts";

/** Where the network measurements come from. `now` is a monotonic clock in milliseconds. */
export interface NetworkSources {
  readonly root: string;
  readonly now: () => number;
}

/** Counts of a network interface in one direction, since it was brought up. */
export interface TrafficCounts {
  readonly bytes: number;
  readonly errors: number;
  readonly dropped: number;
}

/** Counts of a network interface in both directions. */
export interface InterfaceCounts {
  readonly receive: TrafficCounts;
  readonly transmit: TrafficCounts;
}

interface NetworkReading {
  readonly atMillis: number;
  readonly interfaces: ReadonlyMap<string, InterfaceCounts>;
}

/**
 * The counts of all network interfaces except the loopback, by name. Returns `undefined` if there
 * is no `proc/net/dev` under `root`.
 */
export async function readInterfaces(root: string): Promise<Map<string, InterfaceCounts> | undefined> {
  const text = await readMachineFile(root, "proc/net/dev");
  return text === undefined ? undefined : parseInterfaces(text);
}

/**
 * Measures bytes per second, received and sent together, of all interfaces except the loopback. If
 * interfaces carry each other's traffic (a bridge and its members), a byte counts on each of them,
 * like in other tools.
 */
export class NetworkMeter {
  readonly #sources: NetworkSources;
  #previous: NetworkReading | undefined;

  constructor(sources: NetworkSources) {
    this.#sources = sources;
  }

  /**
   * Bytes per second since the last reading. `undefined` for the first reading, and on systems
   * without `/proc/net/dev`. 0 if that lists only the loopback.
   */
  async read(): Promise<number | undefined> {
    const before = this.#previous;
    const interfaces = await readInterfaces(this.#sources.root);
    if (interfaces === undefined) return undefined;
    const after = { atMillis: this.#sources.now(), interfaces };
    this.#previous = after;
    if (before === undefined || after.atMillis <= before.atMillis) return undefined;
    return (bytesBetween(before, after) / (after.atMillis - before.atMillis)) * 1000;
  }
}

function bytesBetween(before: NetworkReading, after: NetworkReading): number {
  let bytes = 0;
  for (const [name, counts] of after.interfaces) {
    const previous = before.interfaces.get(name);
    // It is unknown when a new interface sent its bytes. If a count fell, it began again at 0.
    if (previous === undefined) continue;
    const [then, now] = [bytesOf(previous), bytesOf(counts)];
    bytes += now < then ? now : now - then;
  }
  return bytes;
}

function bytesOf({ receive, transmit }: InterfaceCounts): number {
  return receive.bytes + transmit.bytes;
}

/**
 * Parses two header lines, then a line for each interface: `name: ` and 16 columns, 8 for each
 * direction. These are bytes, packets, errors, dropped packets, and four others.
 *
 * Source: https://man7.org/linux/man-pages/man5/proc_pid_net.5.html
 */
function parseInterfaces(text: string): Map<string, InterfaceCounts> {
  const interfaces = new Map<string, InterfaceCounts>();
  for (const line of text.split("\n").slice(2)) {
    const colon = line.lastIndexOf(":");
    const name = line.slice(0, colon).trim();
    const columns = line
      .slice(colon + 1)
      .trim()
      .split(/\s+/)
      .map(Number);
    const counts = { receive: trafficAt(columns, 0), transmit: trafficAt(columns, 8) };
    if (colon > 0 && name !== "lo" && Number.isFinite(bytesOf(counts))) interfaces.set(name, counts);
  }
  return interfaces;
}

function trafficAt(columns: readonly number[], first: number): TrafficCounts {
  const column = (index: number): number => columns[first + index] ?? Number.NaN;
  return { bytes: column(0), errors: column(2), dropped: column(3) };
}
