import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { HeapMeter, type HeapSources, realHeap } from "../../src/system/heap.ts";
import { eventually } from "../eventually.ts";

const MiB = 2 ** 20;

/** A heap whose old generation and collections are set by hand, in MiB. */
class Heap implements HeapSources {
  readonly nodeOptions: readonly string[];
  readonly resourceLimits: HeapSources["resourceLimits"];
  old = 0;
  isFull: () => boolean = () => false;
  readonly #limit: number;

  constructor(limit: number, options: Partial<Pick<HeapSources, "nodeOptions" | "resourceLimits">> = {}) {
    this.#limit = limit;
    this.nodeOptions = options.nodeOptions ?? [];
    this.resourceLimits = options.resourceLimits ?? {};
  }

  readonly heapSizeLimit = (): number => this.#limit * MiB;
  readonly heapSpaces: HeapSources["heapSpaces"] = () => [
    { space_name: "new_space", space_used_size: 60 * MiB },
    { space_name: "new_large_object_space", space_used_size: 60 * MiB },
    { space_name: "old_space", space_used_size: (this.old / 2) * MiB },
    { space_name: "large_object_space", space_used_size: (this.old / 2) * MiB },
  ];
  readonly onFullCollection: HeapSources["onFullCollection"] = (callback) => {
    this.isFull = callback;
  };

  collectTo(old: number): void {
    this.old = old;
    expect(this.isFull()).toBe(true);
  }
}

/** A heap of 100 MiB, and the percents that are measured while its old generation is in use. */
function measured() {
  const heap = new Heap(292, { nodeOptions: ["--max-old-space-size=100"] });
  const meter = new HeapMeter(heap);
  const read = (old: number) => {
    heap.old = old;
    return meter.read();
  };
  return { heap, read };
}

describe("the use of the heap", () => {
  it("is that of the old generation until a full collection shows what is garbage", () => {
    const { read } = measured();
    expect([read(10), read(40), read(95)]).toEqual([10, 40, 95]);
  });

  it("does not rise and fall with the garbage of each cycle", () => {
    const { heap, read } = measured();
    read(80);
    heap.collectTo(20);
    read(80);
    heap.collectTo(20);
    expect([read(30), read(60), read(90)]).toEqual([20, 20, 20]);
  });

  it("rises at once with a leak, also between collections", () => {
    const { heap, read } = measured();
    read(40);
    heap.collectTo(40);
    expect(read(60)).toBe(60);
    heap.collectTo(60);
    expect(read(75)).toBe(75);
  });

  it("rises by the share of new memory that stays", () => {
    const { heap, read } = measured();
    read(20);
    heap.collectTo(20);
    read(60);
    heap.collectTo(30);
    expect(read(50)).toBe(35);
  });

  it("shows a leak that begins after much garbage at the next collection", () => {
    const { heap, read } = measured();
    read(80);
    heap.collectTo(20);
    read(80);
    heap.collectTo(20);
    expect(read(60)).toBe(20);
    heap.collectTo(60);
    expect(read(61)).toBe(61);
  });

  it("keeps the share when nothing was measured between two collections", () => {
    const { heap, read } = measured();
    read(80);
    heap.collectTo(20);
    heap.collectTo(50);
    expect(read(50)).toBe(50);
  });

  it("falls with a heap that is less than what the last collection left, and is at most 100", () => {
    const { heap, read } = measured();
    heap.collectTo(50);
    expect(read(30)).toBe(30);
    expect(read(150)).toBe(100);
  });

  it("is unknown where the runtime shows no heap", () => {
    const { read } = measured();
    expect(read(0)).toBeUndefined();
    const meter = new HeapMeter(new Heap(0));
    expect(meter.read()).toBeUndefined();
  });
});

describe("the limit of the heap", () => {
  const limits = (old: number, young: number) => ({
    maxOldGenerationSizeMb: old,
    maxYoungGenerationSizeMb: young,
  });

  // The limits of V8 (`heap_size_limit`) are what Node reports for these options.
  it.each([
    ["Node 24 without options", 4288, {}, 4096],
    ["Node 24 with an option", 256, { nodeOptions: ["--max-old-space-size=64"] }, 64],
    ["an option with underscores", 256, { nodeOptions: ["--max_old_space_size=64"] }, 64],
    [
      "the last of two options",
      256,
      { nodeOptions: ["--max-old-space-size=999", "--max-old-space-size=64"] },
      64,
    ],
    ["an option that turns the limit off", 4288, { nodeOptions: ["--max-old-space-size=0"] }, 4096],
    ["an option for semi-spaces", 4120, { nodeOptions: ["--max-semi-space-size=8"] }, 4096],
    ["a thread with a limit", 224, { resourceLimits: limits(32, 192) }, 32],
    ["a thread without a limit", 4288, { resourceLimits: limits(4096, 192) }, 4096],
    ["a thread with another young generation", 4192, { resourceLimits: limits(4096, 64) }, 4096],
    [
      "a thread of a process with an option, which is stronger",
      1192,
      { nodeOptions: ["--max-old-space-size=1000"], resourceLimits: limits(64, 192) },
      1000,
    ],
    [
      "the same, where the thread does not know the option",
      1192,
      { resourceLimits: limits(4096, 192) },
      1000,
    ],
  ] as const)("of %s", (_, whole, options, expected) => {
    const heap = new Heap(whole, options);
    heap.old = expected / 4;
    expect(new HeapMeter(heap).read()).toBeCloseTo(25, 10);
  });
});

it("notices full collections of this thread, as long as it is asked to", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  let collections = 0;
  realHeap([]).onFullCollection(() => {
    collections += 1;
    return collections < 2;
  });
  await eventually(() => {
    collect();
    expect(collections).toBe(2);
  });
  let others = 0;
  realHeap([]).onFullCollection(() => {
    others += 1;
    return false;
  });
  await eventually(() => {
    collect();
    expect(others).toBe(1);
  });
  expect(collections).toBe(2);
});

it("measures the heap of this thread", () => {
  const percent = new HeapMeter(realHeap(process.execArgv)).read() as number;
  expect(percent).toBeGreaterThan(0);
  const { used_heap_size, heap_size_limit } = getHeapStatistics();
  expect(percent).toBeLessThan((100 * used_heap_size) / (heap_size_limit - 192 * MiB) + 1);
});
