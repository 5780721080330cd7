import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SavedLearnt } from "../../src/engine/learnt-schema.ts";
import { Harness, SECOND, World } from "./harness.ts";

const START = Date.UTC(2026, 0, 1, 6);
const MOST_DIFFERENCE = 1e-9;

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-forecast-restored-"));
  path = join(folder, "history");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Options = ConstructorParameters<typeof Harness>[0];

/** A random number in 0..1 for each number: the same in both processes. */
function noise(tick: number, salt: number): number {
  let bits = Math.imul(tick + 1, 0x9e3779b1) ^ Math.imul(salt + 1, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d);
  bits = Math.imul(bits ^ (bits >>> 13), 0x297a2d39);
  return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
}

/** A process whose application measures the same at the same tick, whichever process it is. */
class Life {
  readonly harness: Harness;
  readonly #load: (harness: Harness) => (tick: number) => void;
  readonly #work: (tick: number) => void;

  constructor(millis: number, load: (harness: Harness) => (tick: number) => void, options: Options) {
    const world = new World();
    world.millis = millis;
    this.harness = new Harness({ method: "auto", horizons: ["5m", "1h"], ...options }, world);
    this.#load = load;
    this.#work = load(this.harness);
  }

  /** Samples are not quite on time. */
  async ticks(from: number, count: number): Promise<void> {
    const { world, pipeline } = this.harness;
    for (let tick = from; tick < from + count; tick += 1) {
      world.millis +=
        pipeline.options.collectionIntervalMillis + Math.round(200 * (noise(tick, 9) - noise(tick - 1, 9)));
      this.#work(tick);
      await pipeline.collect();
      await pipeline.history?.idle;
    }
  }

  /** Ends in good order, and is started again at once. */
  async restarted(options: Options): Promise<Life> {
    const { millis } = this.harness.world;
    await this.harness.pipeline.stop();
    return new Life(millis, this.#load, options);
  }
}

const level =
  (valueAt: (tick: number) => number) =>
  ({ pipeline }: Harness) =>
  (tick: number) =>
    pipeline.recordSystem({ throughput: valueAt(tick) });

/** A wave of five minutes that grows. */
function wave(tick: number): number {
  return 90 + (20 + tick / 100) * Math.sin((2 * Math.PI * tick) / 30) + 4 * noise(tick, 0);
}

function counter(harness: Harness): (tick: number) => void {
  const requests = harness.application().getMeter("app").createCounter("app.requests");
  return (tick) => requests.add(20 + Math.floor(10 * Math.sin(tick / 40) + 5 * noise(tick, 1)));
}

function tasks({ pipeline }: Harness): (tick: number) => void {
  return (tick) => {
    for (let task = 0; task < 5; task += 1) {
      const success = noise(tick, task) < 0.8 + 0.1 * Math.sin(tick / 30);
      pipeline.instruments.recorder.recordTask({
        taskId: `${tick}/${task}`,
        agentName: "planner",
        taskType: "t",
        executionTime: 1 + noise(tick, 20 + task),
        success,
      });
    }
  };
}

function tokens({ pipeline }: Harness): (tick: number) => void {
  return (tick) => {
    const usage = { input: Math.floor(100 * noise(tick, 3)), output: 10, cachedInput: 0 };
    pipeline.instruments.consumption.tokensUsed("planner", usage, undefined);
  };
}

const kinds: [string, (harness: Harness) => (tick: number) => void, number, Options][] = [
  ["a level that wanders", level((tick) => 50 + 10 * Math.sin(tick / 60) + 4 * noise(tick, 0)), 800, {}],
  ["a ramp", level((tick) => tick / 7 + noise(tick, 0)), 500, {}],
  ["a level that has changed", level((tick) => (tick < 480 ? 10 : 90) + noise(tick, 0)), 500, {}],
  ["noise, of which models are dismissed", level((tick) => 100 * noise(Math.floor(tick / 37), 0)), 800, {}],
  ["noise, whose model has looked for a season", level((tick) => 100 * noise(tick, 0)), 720, {}],
  ["a season that changes", level(wave), 650, {}],
  ["a young series", level((tick) => 5 + noise(tick, 0)), 20, {}],
  [
    "a season of a day",
    level((tick) => 50 + 30 * Math.sin((tick / 288) * 2 * Math.PI) + noise(tick, 0)),
    640,
    { collectionIntervalMillis: 300 * SECOND, forecastIntervalMillis: 900 * SECOND, horizons: ["1h", "1d"] },
  ],
  ["the rate of a counter", counter, 300, {}],
  ["ratios and percentiles of tasks", tasks, 300, {}],
  ["a total of the day", tokens, 300, {}],
];

async function numbersOf({ harness }: Life): Promise<Map<string, number>> {
  const numbers = new Map<string, number>();
  for (const [name, points] of await harness.shown()) {
    if (!/predicted|^forecast_(slope|error|interval|ready)/.test(name)) continue;
    for (const { labels, value } of points) numbers.set(name + JSON.stringify(labels), value as number);
  }
  return numbers;
}

/** The numbers of the first that the second has otherwise, or not at all. */
function differences(one: Map<string, number>, other: Map<string, number>): string[] {
  return [...one].flatMap(([name, value]) => {
    const found = other.get(name) ?? Number.NaN;
    const difference = Math.abs(found - value) / Math.max(1, Math.abs(value));
    return difference <= MOST_DIFFERENCE ? [] : [`${name}: ${value}, restored ${found}`];
  });
}

describe.each(kinds)("%s", (_name, load, ticks, options) => {
  it("is forecast after a restart as it would have been without", async () => {
    const undisturbed = new Life(START, load, options);
    await undisturbed.ticks(0, ticks);
    const first = new Life(START, load, { ...options, history: `file:${path}` });
    await first.ticks(0, ticks);
    // A process that ends collects for the last time.
    await undisturbed.harness.pipeline.collect();
    const restored = await first.restarted({ ...options, history: `file:${path}` });
    for (let tick = ticks; tick < ticks + 40; tick += 1) {
      await undisturbed.ticks(tick, 1);
      await restored.ticks(tick, 1);
      const [expected, found] = [await numbersOf(undisturbed), await numbersOf(restored)];
      expect(expected.size).toBeGreaterThan(10);
      expect(differences(expected, found)).toEqual([]);
      expect(differences(found, expected)).toEqual([]);
    }
    await restored.harness.pipeline.stop();
  });
});

it("looks for new models with the first values after a long time, although models are good", async () => {
  const options = { history: `file:${path}`, horizons: ["5m"], forecastIntervalMillis: 100 * SECOND };
  const gauges = (harness: Harness): ((tick: number) => void) => {
    const meter = harness.application().getMeter("app");
    const all = ["a", "b", "c", "d", "e", "f"].map((name) => meter.createGauge(name));
    return (tick) => {
      for (const [index, gauge] of all.entries()) gauge.record(50 + 4 * noise(tick, index));
    };
  };
  const first = new Life(START, gauges, options);
  await first.ticks(0, 400);
  const restored = await first.restarted(options);
  restored.harness.world.millis += 600 * SECOND;
  await restored.ticks(400, 1);
  const { engine, clock } = restored.harness.pipeline;
  const gaugesNow = Array.from(engine.saved()).filter(({ key }) => key.metric.length === 1);
  const fittedAt = gaugesNow.flatMap(({ learnt }) =>
    (learnt as SavedLearnt).chosen.models.map((model) => model.fittedAt),
  );
  expect(fittedAt).toEqual(Array(6).fill(clock.now()));
  await restored.harness.pipeline.stop();
});
