import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ForecastEngine } from "../../src/engine/forecast-engine.ts";
import { World } from "../run/harness.ts";
import { GatewayHarness } from "./harness.ts";
import { headerOf } from "./streams/harness.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-forecast-state-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function gateway(millis?: number): GatewayHarness {
  const world = new World();
  if (millis !== undefined) world.millis = millis;
  return new GatewayHarness(
    `method: naive
horizons: [1m]
state: { directory: ${folder} }
views: [{ instrument: cost, number: today, by: [user] }]`,
    world,
  );
}

const depth = { header: { name: "depth" } };
const cost = {
  header: { name: "cost", kind: "counter", temporality: "delta" },
  attributes: { user: "ada" },
} as const;

it("a gateway goes on where the one before it has ended", async () => {
  const first = gateway();
  await first.ticks(30, (tick) => {
    first.send(depth, tick);
    first.send(cost, 2);
  });
  await first.gateway.shutdown();
  const second = gateway(first.world.millis + 10_000);
  await second.ticks(1, () => {
    second.send(depth, 31);
    second.send(cost, 2);
  });
  expect(await second.shown("depth_predicted")).toEqual([{ labels: { horizon: "1m" }, value: 31 }]);
  expect(await second.shown("cost_today")).toEqual([{ labels: { user: "ada" }, value: 62 }]);
  expect(await second.shown("forecast_gateway_state_bytes")).toMatchObject([{ value: expect.any(Number) }]);
  await second.gateway.shutdown();
});

it("a counter that counts nothing has its series at once after a restart", async () => {
  const errors = { header: { name: "errors", kind: "counter" } } as const;
  const first = gateway();
  await first.ticks(10, (tick) => first.send(errors, tick));
  await first.ticks(1, () => first.send(errors, 9));
  await first.gateway.shutdown();
  const second = gateway(first.world.millis + 10_000);
  await second.ticks(1);
  expect(await second.shown("errors_per_second")).toEqual([{ labels: {}, value: expect.any(Number) }]);
  expect((await second.shown("errors_per_second"))[0]?.value).toBeGreaterThan(0);
  await second.gateway.shutdown();
});

it("what was loaded is taken over once: later collections do not look through all series again", async () => {
  const harness = gateway();
  const expired = vi.spyOn(ForecastEngine.prototype, "expireRestored");
  await harness.ticks(4, (tick) => harness.send(depth, tick));
  expect(expired).toHaveBeenCalledTimes(1);
  expired.mockRestore();
  await harness.gateway.shutdown();
});

it("the folder may be a link, as systemd makes one", async () => {
  const link = `${folder}-link`;
  symlinkSync(folder, link);
  const content = `method: naive\nhorizons: [1m]\nstate: { directory: ${link} }\n`;
  const harness = new GatewayHarness(content);
  await harness.ticks(2, (tick) => harness.send(depth, tick));
  await harness.gateway.shutdown();
  expect(readdirSync(folder).some((name) => name.startsWith("slot-"))).toBe(true);
  rmSync(link);
});

it("what today comes to outlives a long pause, and not the day", async () => {
  const first = gateway(Date.UTC(2026, 10, 28, 12));
  await first.ticks(3, () => first.send(cost, 2));
  await first.gateway.shutdown();
  const second = gateway(Date.UTC(2026, 10, 28, 14));
  await second.ticks(1, () => second.send(cost, 1));
  expect(await second.shown("cost_today")).toEqual([{ labels: { user: "ada" }, value: 7 }]);
  await second.gateway.shutdown();
  const third = gateway(Date.UTC(2026, 10, 29, 1));
  await third.ticks(1, () => third.send(cost, 1));
  expect(await third.shown("cost_today")).toEqual([{ labels: { user: "ada" }, value: 1 }]);
  await third.gateway.shutdown();
});

it("a total of which only an older one is left counts nothing twice", async () => {
  const jobs = {
    header: { name: "cost", kind: "counter", temporality: "cumulative" },
    attributes: { user: "ada" },
  } as const;
  const first = gateway();
  // The state is saved once a minute.
  await first.ticks(20, (tick) => first.send(jobs, 10 * tick));
  const [today] = await first.shown("cost_today");
  await first.gateway.shutdown();
  const [file = ""] = readdirSync(folder)
    .filter((name) => name.startsWith("slot-"))
    .map((name) => join(folder, name))
    .filter((path) => readFileSync(path).includes("stream\n"));
  const bytes = readFileSync(file);
  bytes.fill(0xff, bytes.lastIndexOf("stream\n"), bytes.lastIndexOf("stream\n") + 8);
  writeFileSync(file, bytes);
  const second = gateway(first.world.millis);
  // It loads its state first.
  await second.ticks(1);
  await second.ticks(2, (tick) => second.send(jobs, 10 * (20 + tick)));
  const [later] = await second.shown("cost_today");
  // What was counted while nobody knew the last total is in none.
  expect(later?.value).toBe(Number(today?.value) + 10);
  await second.gateway.shutdown();
});

const DAY = Date.UTC(2026, 10, 28);
const HOUR = 3_600_000;

it.each([
  ["counter", (total: number) => total],
  [
    "histogram",
    (total: number) =>
      ({ kind: "explicit", count: total, sum: total, boundaries: [], counts: [total] }) as const,
  ],
] as const)("what a %s counted while the gateway was away is part of today", async (kind, pointOf) => {
  const header = headerOf({ name: "cost", kind });
  const send = ({ gateway: { streams }, world }: GatewayHarness, total: number): void => {
    const stream = streams
      .intakeFor(undefined)
      .resource("", () => ({}))
      .metric("", () => header)
      .stream("", () => ({ user: "ada" }));
    const value = pointOf(total);
    if (typeof value === "number") stream?.number(value, world.now(), DAY - HOUR);
    else stream?.histogram(value, world.now(), DAY - HOUR);
  };
  const first = gateway(DAY + HOUR);
  await first.ticks(3, (tick) => send(first, 100 + 10 * tick));
  await first.gateway.shutdown();
  const second = gateway(DAY + 2 * HOUR);
  await second.ticks(1);
  await second.ticks(1, () => send(second, 170));
  expect(await second.shown("cost_today")).toEqual([{ labels: { user: "ada" }, value: 70 }]);
  await second.gateway.shutdown();
  // Nobody knows how much of it was counted before midnight.
  const third = gateway(DAY + 25 * HOUR);
  await third.ticks(1);
  await third.ticks(1, () => send(third, 200));
  await third.ticks(1, () => send(third, 201));
  expect(await third.shown("cost_today")).toEqual([{ labels: { user: "ada" }, value: 1 }]);
  await third.gateway.shutdown();
});

it("a total is known again after an absence that is longer than the expiry", async () => {
  const jobs = {
    header: { name: "cost", kind: "counter", temporality: "cumulative" },
    attributes: { user: "ada" },
  } as const;
  const first = gateway(DAY + HOUR);
  await first.ticks(3, (tick) => first.send(jobs, 100 + 10 * tick));
  await first.gateway.shutdown();
  const second = gateway(DAY + 5 * HOUR);
  // Its sender is heard only later.
  await second.ticks(3);
  await second.ticks(1, () => second.send(jobs, 170));
  expect(await second.shown("cost_today")).toEqual([{ labels: { user: "ada" }, value: 70 }]);
  // One that is silent leaves after the expiry all the same.
  await second.ticks(HOUR / 10_000 + 1);
  expect(await second.shown("forecast_gateway_streams")).toMatchObject([{ value: 0 }]);
  await second.gateway.shutdown();
});

/** Makes the files that hold one of these texts unreadable. The result makes them as they were. */
function withoutFilesOf(...texts: readonly string[]): () => void {
  const paths = readdirSync(folder)
    .filter((name) => /^slot-..$/.test(name))
    .map((name) => join(folder, name))
    .filter((path) => texts.some((text) => readFileSync(path).includes(text)));
  for (const path of paths) {
    renameSync(path, `${path}-aside`);
    mkdirSync(path);
  }
  return () => {
    for (const path of paths) {
      rmdirSync(path);
      renameSync(`${path}-aside`, path);
    }
  };
}

/** As many collections as lie between two saves, and one more. */
const UNTIL_SAVED = 7;

it("what can be read only later goes to the configuration of then", async () => {
  const first = gateway();
  await first.ticks(30, (tick) => {
    first.send(depth, tick);
    first.send(cost, 2);
  });
  await first.gateway.shutdown();
  const restore = withoutFilesOf("series\ndepth", "window\n");
  const second = gateway(first.world.millis + 600_000);
  await second.ticks(1);
  second.content += "\n# changed";
  await second.gateway.reload();
  restore();
  await second.ticks(UNTIL_SAVED);
  await second.ticks(1, () => {
    second.send(depth, 31);
    second.send(cost, 2);
  });
  expect(await second.shown("depth_predicted")).toEqual([{ labels: { horizon: "1m" }, value: 31 }]);
  expect(await second.shown("cost_today")).toEqual([{ labels: { user: "ada" }, value: 62 }]);
  await second.gateway.shutdown();
});
