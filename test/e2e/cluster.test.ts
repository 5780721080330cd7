import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { packageRoot } from "./harness/child.ts";
import { type ShownSample, scrape, shownValue } from "./harness/exposition.ts";
import { PluginApp } from "./harness/plugin-app.ts";

const app = "test/e2e/apps/cluster.mjs";
const KILLS = 8;
const withPlugin = "--import otel-forecast/register";
const started: PluginApp[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((one) => one.stop()));
});

async function open(starting: Promise<PluginApp>): Promise<PluginApp> {
  const cluster = await starting;
  started.push(cluster);
  await Promise.all([1, 2, 3].map((worker) => cluster.says(`worker ${worker} open`)));
  return cluster;
}

async function take(cluster: PluginApp, worker: number, count: number): Promise<void> {
  cluster.tell(`${worker} ${count}`);
  await cluster.says(`${worker} took ${count}`);
}

function ordersIn(samples: readonly ShownSample[]): number | undefined {
  return shownValue(samples, "shop_orders_total", { kind: "book" });
}

function showsOrders(cluster: PluginApp, orders: number) {
  return cluster.shows(`${orders} orders`, (samples) => {
    expect(ordersIn(samples)).toBe(orders);
    return samples;
  });
}

/** The names of the workers in the gauge. */
function workersIn(samples: readonly ShownSample[]): string[] {
  return samples
    .filter(({ name }) => name === "shop_pool")
    .map(({ labels }) => labels.worker ?? "")
    .sort();
}

describe.each([
  [
    "a primary that is not instrumented",
    () => PluginApp.startPlain([app], { WORKER_OPTIONS: withPlugin }, true),
  ],
  ["an instrumented primary", () => PluginApp.start([app], {}, true)],
  [
    "workers that PM2 has started",
    () =>
      PluginApp.startPlain(
        [app],
        { WORKER_OPTIONS: withPlugin, pm_id: "0", pm_exec_path: join(packageRoot, app) },
        true,
      ),
  ],
])("workers of a cluster under %s", (_, start) => {
  it("are shown by one endpoint, which adds up their counters", async () => {
    const cluster = await open(start());
    for (const worker of [1, 2, 3]) await take(cluster, worker, 10 * worker);
    const samples = await showsOrders(cluster, 60);
    expect(shownValue(samples, "shop_order_duration_seconds_count")).toBe(60);
    expect(shownValue(samples, "shop_order_duration_seconds_bucket", { le: "5" })).toBe(60);
    const scrapes = await Promise.all(Array.from({ length: 20 }, () => scrape(cluster.metricsUrl)));
    expect(scrapes.map(ordersIn)).toEqual(Array(20).fill(60));
    const levels = await cluster.shows("the gauge of every worker", (shown) =>
      workersIn(shown).length === 3 ? shown : undefined,
    );
    expect(workersIn(levels)).toEqual(["1", "2", "3"]);
    expect(
      levels
        .filter(({ name }) => name === "shop_pool")
        .map(({ value }) => value)
        .sort(),
    ).toEqual([10, 20, 30]);
    expect(levels.filter(({ name }) => name === "system_cpu_usage_percent")).toHaveLength(1);
  });

  it("are forecast as one", async () => {
    const cluster = await open(start());
    const timer = setInterval(() => {
      for (const worker of [1, 2, 3]) cluster.tell(`${worker} 10`);
    }, 100);
    try {
      const samples = await cluster.shows("a forecast of the orders of all", (shown) => {
        const predicted = shownValue(shown, "shop_orders_per_second_predicted", { kind: "book" });
        return predicted !== undefined && predicted > 150 ? shown : undefined;
      });
      expect(samples.filter(({ name }) => name === "shop_orders_per_second_predicted")).toHaveLength(1);
    } finally {
      clearInterval(timer);
    }
  });

  it("keep their counts in the sum, whichever of them ends", async () => {
    const cluster = await open(start());
    for (const worker of [1, 2, 3]) await take(cluster, worker, 10 * worker);
    await cluster.shows(
      "every worker",
      (shown) => (ordersIn(shown) === 60 && workersIn(shown).length === 3) || undefined,
    );
    // The worker that goes on has received the totals.
    await new Promise((told) => setTimeout(told, 1500));
    const shown: number[] = [];
    const watch = setInterval(async () => {
      const orders = ordersIn(await scrape(cluster.metricsUrl).catch(() => []));
      if (orders !== undefined) shown.push(orders);
    }, 50);
    try {
      for (const [worker, signal] of [
        [1, "SIGKILL"],
        [2, "SIGTERM"],
        [3, "SIGKILL"],
      ] as const) {
        const next = worker + 3;
        cluster.tell("fork");
        await cluster.says(`worker ${next} open`);
        await cluster.shows("the one that was forked", (shown) => workersIn(shown).length === 4 || undefined);
        await new Promise((told) => setTimeout(told, 1500));
        cluster.tell(`${worker} ${signal}`);
        await cluster.shows("one fewer", (shown) => workersIn(shown).length === 3 || undefined);
        await take(cluster, next, worker);
      }
      await showsOrders(cluster, 66);
    } finally {
      clearInterval(watch);
    }
    expect(shown.filter((orders) => orders < 60)).toEqual([]);
  });
});

it("a cluster whose workers are killed one after the other, each while it has the port, keeps all counts", async () => {
  const cluster = await open(PluginApp.startPlain([app], { WORKER_OPTIONS: withPlugin }, true));
  for (const worker of [1, 2, 3]) await take(cluster, worker, 10);
  for (let killed = 1; killed <= KILLS; killed += 1) {
    const next = killed + 3;
    cluster.tell("fork");
    await cluster.says(`worker ${next} open`);
    await take(cluster, next, 10);
    await showsOrders(cluster, 10 * next);
    // The worker that goes on has received the totals.
    await new Promise((told) => setTimeout(told, 1500));
    cluster.tell(`${killed} SIGKILL`);
  }
  await take(cluster, KILLS + 1, 1);
  await showsOrders(cluster, 10 * (KILLS + 3) + 1);
});
