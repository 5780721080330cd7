import { constants, PerformanceObserver } from "node:perf_hooks";
import { getHeapSpaceStatistics, getHeapStatistics, type HeapSpaceInfo } from "node:v8";
import { type ResourceLimits, resourceLimits } from "node:worker_threads";

const MEBIBYTE = 2 ** 20;
/** Spaces for new objects. Their size does not end a process: what survives moves out of them. */
const YOUNG_SPACES: readonly string[] = ["new_space", "new_large_object_space"];
/** The young generation is three semi-spaces: two for objects that are copied, one for large ones. */
const SEMI_SPACES = 3;
/** V8 reserves at most this much for the young generation, and at most this share of the heap. */
const MAX_YOUNG_BYTES = 192 * MEBIBYTE;
const MAX_YOUNG_SHARE = 3 / 67;

/** Where the heap measurements come from. */
export interface HeapSources {
  /** `v8.getHeapStatistics().heap_size_limit`; 0 if there is no limit. */
  readonly heapSizeLimit: () => number;
  /** `v8.getHeapSpaceStatistics` */
  readonly heapSpaces: () => readonly Pick<HeapSpaceInfo, "space_name" | "space_used_size">[];
  /** `worker_threads.resourceLimits`: empty in a main thread. */
  readonly resourceLimits: ResourceLimits;
  /** The options of Node, with those of `NODE_OPTIONS` first. */
  readonly nodeOptions: readonly string[];
  /** Calls back after each full garbage collection, for as long as the callback returns `true`. */
  readonly onFullCollection: (callback: () => boolean) => void;
}

/** The heap of this thread. */
export function realHeap(nodeOptions: readonly string[]): HeapSources {
  return {
    // The engine of Bun has no such limit, and Bun shows a number that stands for nothing.
    heapSizeLimit: () => (process.versions.bun === undefined ? getHeapStatistics().heap_size_limit : 0),
    heapSpaces: getHeapSpaceStatistics,
    resourceLimits,
    nodeOptions,
    onFullCollection,
  };
}

/**
 * Measures how much of the heap's limit is used: of the old generation, which is what runs out. V8
 * counts a young generation of up to 192 MiB into `heap_size_limit`, which a small heap never
 * reaches: a thread with an old generation of 32 MiB ends at 13 % of it.
 *
 * Used memory contains garbage until a full collection. So the measure is what a full collection
 * would leave: what the last one left, and of what came since then the share that stayed in the
 * last cycle. Before the first full collection, all is taken as used.
 */
export class HeapMeter {
  readonly #sources: HeapSources;
  readonly #limitBytes: number;
  /** What the last full collection left. */
  #left = 0;
  /** The share of new memory that the last full collection left. */
  #keptShare = 1;
  /** The most that was measured since the last full collection. */
  #highest = 0;

  constructor(sources: HeapSources) {
    this.#sources = sources;
    this.#limitBytes = oldGenerationLimit(sources);
    const itself = new WeakRef(this);
    sources.onFullCollection(() => {
      const meter = itself.deref();
      meter?.afterFullCollection();
      return meter !== undefined;
    });
  }

  /** 0 to 100; `undefined` if the runtime does not show it. */
  read(): number | undefined {
    const used = usedBytes(this.#sources.heapSpaces());
    if (!(used > 0) || !(this.#limitBytes > 0)) return undefined;
    this.#highest = Math.max(this.#highest, used);
    const since = Math.max(0, used - this.#left);
    const lasting = Math.min(used, this.#left) + this.#keptShare * since;
    return Math.min(100, (lasting / this.#limitBytes) * 100);
  }

  private afterFullCollection(): void {
    const used = usedBytes(this.#sources.heapSpaces());
    const grown = this.#highest - this.#left;
    // Without a measurement since the last one, it is not known how much was collected.
    if (grown > 0) this.#keptShare = Math.min(1, Math.max(0, (used - this.#left) / grown));
    this.#left = used;
    this.#highest = used;
  }
}

function usedBytes(spaces: ReturnType<HeapSources["heapSpaces"]>): number {
  return spaces
    .filter(({ space_name }) => !YOUNG_SPACES.includes(space_name))
    .reduce((sum, { space_used_size }) => sum + space_used_size, 0);
}

/**
 * The limit of the old generation in bytes: what the young generation leaves of the heap's limit,
 * and at most what an option or the limits of a thread specify. If nothing specifies the size of
 * either, the result is exact with Node 24 and 25, and up to 4 % too low with others.
 *
 * Source: `Heap::MaxReserved` and `Heap::ConfigureHeap`,
 * https://github.com/v8/v8/blob/13.6.233/src/heap/heap.cc
 */
function oldGenerationLimit({ heapSizeLimit, resourceLimits: ofThread, nodeOptions }: HeapSources): number {
  const whole = heapSizeLimit();
  const semiSpace = mebibytes(nodeOptions, "max-semi-space-size");
  const young = semiSpace === undefined ? ofThread.maxYoungGenerationSizeMb : SEMI_SPACES * semiSpace;
  const youngBytes =
    young === undefined ? Math.min(MAX_YOUNG_BYTES, MAX_YOUNG_SHARE * whole) : young * MEBIBYTE;
  const old = mebibytes(nodeOptions, "max-old-space-size") ?? ofThread.maxOldGenerationSizeMb;
  const oldBytes = old === undefined ? Number.POSITIVE_INFINITY : old * MEBIBYTE;
  return Math.min(oldBytes, whole - youngBytes);
}

/** The number of an option of V8, whose words are joined by hyphens or underscores. The last wins. */
function mebibytes(nodeOptions: readonly string[], name: string): number | undefined {
  const given = nodeOptions
    .map((option) => option.replace(/^--?/, "").replaceAll("_", "-").split("="))
    .findLast(([key]) => key === name);
  const value = Number(given?.[1]);
  return value > 0 ? value : undefined;
}

function onFullCollection(callback: () => boolean): void {
  // Bun and Deno have no such entries.
  const { supportedEntryTypes } = PerformanceObserver as { readonly supportedEntryTypes?: readonly string[] };
  if (supportedEntryTypes?.includes("gc") !== true) return;
  const observer = new PerformanceObserver((list) => {
    const isFull = list.getEntries().some((entry) => {
      const { kind = 0 } = (entry as { readonly detail?: { readonly kind?: number } }).detail ?? {};
      return (kind & constants.NODE_PERFORMANCE_GC_MAJOR) !== 0;
    });
    if (isFull && !callback()) observer.disconnect();
  });
  observer.observe({ entryTypes: ["gc"] });
}
