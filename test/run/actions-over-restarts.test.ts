import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Alert } from "../../src/alerts/alert.ts";
import type { ActionCall } from "../../src/alerts/entries.ts";
import type { ForecastOptions } from "../../src/config/options.ts";
import { Harness, MINUTE, World } from "./harness.ts";

const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 0, 1, 12);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-forecast-actions-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Run {
  readonly agent: string | undefined;
  readonly state: string;
  readonly key: string;
}

/** Lives of a service, one after the other, with the same history file. */
class Lives {
  readonly runs: Run[] = [];
  millis = START;
  /** The memory of each agent in percent. */
  memory: Readonly<Record<string, number>> = { a: 95 };

  begin(over: ForecastOptions = {}): Harness {
    const run = (alert: Alert, { idempotencyKey: key }: ActionCall): void => {
      this.runs.push({ agent: alert.agentName, state: alert.state, key });
    };
    const options: ForecastOptions = {
      history: `file:${join(folder, "history")}`,
      alerts: [
        {
          name: "Full",
          metric: "ai_cloud_memory_usage_percent",
          on: "level",
          threshold: { above: 90 },
          for: "10s",
          keepFiringFor: "10s",
          cooldown: "5m",
          actions: ["act"],
        },
      ],
      actions: { act: { run, effect: "protect", mode: "act", onResolved: true } },
      ...over,
    };
    const world = new World();
    world.millis = this.millis;
    return new Harness(options, world, "");
  }

  async tick(harness: Harness, ticks: number): Promise<void> {
    await harness.ticks(ticks, () => {
      for (const [agentName, memoryUsage] of Object.entries(this.memory))
        harness.pipeline.recordAgent({ agentName, memoryUsage });
    });
    this.millis = harness.world.millis;
  }

  /** One life, which is killed at its end: nothing is saved then. */
  async life(ticks: number, over: ForecastOptions = {}): Promise<void> {
    const before = process.listeners("exit");
    const harness = this.begin(over);
    await this.tick(harness, ticks);
    rmSync(join(folder, "history.lock"), { force: true });
    for (const listener of process.listeners("exit"))
      if (!before.includes(listener)) process.off("exit", listener);
  }

  /** One life that ends in good order. */
  async tidyLife(ticks: number): Promise<void> {
    const harness = this.begin();
    await this.tick(harness, ticks);
    await harness.pipeline.stop();
  }

  get keys(): number {
    return new Set(this.runs.map(({ key }) => key)).size;
  }
}

const many = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`agent-${i}`, 95]));

describe("actions over restarts, with a history file", () => {
  it("stay within the maximum of an hour, however often the process crashes", async () => {
    const lives = new Lives();
    lives.memory = many;
    for (let i = 0; i < 6; i += 1) await lives.life(4, { actionsPerHour: 3 });
    expect([lives.runs.length, lives.keys]).toEqual([3, 3]);
    lives.millis += HOUR + MINUTE;
    await lives.life(4, { actionsPerHour: 3 });
    expect([lives.runs.length, lives.keys]).toEqual([6, 6]);
  });

  it.each(["killed", "ended in good order"])(
    "run once for an alert that goes on after a life that was %s",
    async (how) => {
      const lives = new Lives();
      for (let i = 0; i < 3; i += 1) await (how === "killed" ? lives.life(4) : lives.tidyLife(4));
      expect(lives.runs).toEqual([{ agent: "a", state: "firing", key: expect.any(String) }]);
    },
  );

  it("tell of the end of an alert that began in an earlier life", async () => {
    const lives = new Lives();
    await lives.life(4);
    lives.memory = { a: 20 };
    await lives.life(4);
    await lives.life(4);
    expect(lives.runs.map(({ state }) => state)).toEqual(["firing", "resolved"]);
  });

  it("respect a cooldown that began in an earlier life", async () => {
    const lives = new Lives();
    await lives.life(4);
    lives.memory = { a: 20 };
    await lives.life(3);
    const harness = lives.begin();
    await lives.tick(harness, 1);
    expect(harness.pipeline.alerting.alerts({}).map(({ state }) => state)).toEqual(["resolved"]);
  });

  it("wait as long as without the restart, and not for the time in which nothing ran", async () => {
    const patient: ForecastOptions = {
      alerts: [
        {
          name: "Full",
          metric: "ai_cloud_memory_usage_percent",
          on: "level",
          threshold: { above: 90 },
          for: "1m",
          actions: ["act"],
        },
      ],
    };
    const lives = new Lives();
    for (let i = 0; i < 2; i += 1) {
      await lives.life(3, patient);
      lives.millis += 10 * MINUTE;
    }
    expect(lives.runs).toEqual([]);
    for (let i = 0; i < 2; i += 1) await lives.life(3, patient);
    expect(lives.runs).toHaveLength(1);
  });

  it("begin anew for an alert that nobody has seen for more than an hour", async () => {
    const lives = new Lives();
    await lives.life(4);
    lives.millis += HOUR + MINUTE;
    await lives.life(4);
    expect([lives.runs.length, lives.keys]).toEqual([2, 2]);
  });

  it("are not blocked for longer than an hour after the clock was wrong", async () => {
    const lives = new Lives();
    lives.millis += 10 * HOUR;
    await lives.life(4, { actionsPerHour: 1 });
    lives.millis = START;
    lives.memory = { b: 95 };
    await lives.life(4, { actionsPerHour: 1 });
    expect(lives.runs).toHaveLength(1);
    lives.millis += HOUR + MINUTE;
    await lives.life(4, { actionsPerHour: 1 });
    expect(lives.runs).toHaveLength(2);
  });
});

it("without a history file, each life runs its own actions", async () => {
  const lives = new Lives();
  for (let i = 0; i < 2; i += 1) await lives.life(4, { history: "memory" });
  expect(lives.runs).toHaveLength(2);
});
