import { afterEach, describe, expect, it } from "vitest";
import { type ShownSample, scrape, shownValue } from "./harness/exposition.ts";
import { freePorts } from "./harness/free-ports.ts";
import { PluginApp } from "./harness/plugin-app.ts";
import { waitFor } from "./harness/wait-for.ts";

const started: PluginApp[] = [];

async function start(): Promise<PluginApp> {
  const app = await PluginApp.start(["test/e2e/apps/family.mjs"]);
  started.push(app);
  await app.says("family open");
  return app;
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((app) => app.stop()));
});

function agentsWith(samples: readonly ShownSample[], name: string): string[] {
  return samples
    .filter((sample) => sample.name === name)
    .map(({ labels }) => labels.agent ?? "")
    .sort();
}

const all = ["courier", "shop", "shop/2", "shop/fetcher", "shop/fetcher#2", "shop/indexer"];

describe("worker threads and child processes under the same --import", () => {
  it("are agents of their own, with their own CPU, memory, heap and event loop, on the endpoint of the process", async () => {
    const app = await start();
    for (const name of [
      "ai_cloud_cpu_usage_percent",
      "ai_cloud_memory_usage_percent",
      "ai_cloud_heap_usage_percent",
      "ai_cloud_event_loop_delay_p99_seconds",
    ]) {
      await app.shows(`${name} of everyone`, (samples) =>
        all.every((agent) => shownValue(samples, name, { agent }) !== undefined) ? true : undefined,
      );
    }
    const samples = await scrape(app.metricsUrl);
    expect(agentsWith(samples, "ai_cloud_memory_usage_percent")).toEqual(all);
    // The threads are busy, the children are not; the memory of a thread is a part of that of its
    // process.
    await app.shows("the CPU of a busy thread", (shown) => {
      const [busy, idle] = ["shop/indexer", "shop/fetcher"].map(
        (agent) => shownValue(shown, "ai_cloud_cpu_usage_percent", { agent }) ?? 0,
      ) as [number, number];
      return busy > 5 && busy > 2 * idle ? true : undefined;
    });
    const memory = (agent: string) => shownValue(samples, "ai_cloud_memory_usage_percent", { agent }) ?? 0;
    expect(memory("shop/indexer")).toBeGreaterThan(0);
    expect(memory("shop/indexer")).toBeLessThan(memory("shop"));
    expect(samples.filter(({ name }) => name === "system_cpu_usage_percent")).toHaveLength(1);
    await app.shows("a forecast of a thread", (shown) =>
      shownValue(shown, "ai_cloud_memory_usage_percent_predicted", { agent: "shop/indexer" }),
    );
    await app.shows("tasks of an agent in a child", (shown) =>
      shownValue(shown, "ai_cloud_completed_tasks_total", { agent: "reader" }),
    );
    const series = (await scrape(app.metricsUrl)).map(({ name, labels }) => JSON.stringify([name, labels]));
    expect(series.filter((one, index) => series.indexOf(one) !== index)).toEqual([]);
  });

  it("leave when they end", async () => {
    const app = await start();
    const name = "ai_cloud_memory_usage_percent";
    await app.shows("everyone", (samples) => agentsWith(samples, name).length === all.length || undefined);
    app.kill("SIGUSR2");
    const left = await app.shows("fewer", (samples) => {
      const agents = agentsWith(samples, name);
      return agents.length === all.length - 2 ? agents : undefined;
    });
    expect(left).not.toContain("shop/indexer");
    expect(left).toContain("shop/2");
    app.kill("SIGTERM");
    expect(await app.ends()).toEqual({ code: 0, signal: null });
  });

  it("have an endpoint of their own when they ask for another port, and when their parent has ended", async () => {
    const [own, shared] = (await freePorts(2)) as [number, number];
    const app = await PluginApp.start(["test/e2e/apps/two-children.mjs"], {
      OTEL_EXPORTER_PROMETHEUS_PORT: String(shared),
      OTHER_PORT: String(own),
    });
    started.push(app);
    const at = (port: number) => `http://localhost:${port}/metrics`;
    const name = "ai_cloud_memory_usage_percent";
    await app.waitFor("the child with a port of its own", async () =>
      shownValue(await scrape(at(own)), name, { agent: "reader" }),
    );
    await app.waitFor("the other child on the endpoint of its parent", async () =>
      shownValue(await scrape(at(shared)), name, { agent: "shop/fetcher" }),
    );
    expect(agentsWith(await scrape(at(shared)), name)).toEqual(["shop", "shop/fetcher"]);
    app.kill("SIGKILL");
    // Its tasks are shown after the next collection.
    const tasks = await waitFor("the child that is left, and its tasks", async () => {
      const shown = await scrape(at(shared));
      if (agentsWith(shown, name).join() !== "shop/fetcher") return undefined;
      return shownValue(shown, "ai_cloud_completed_tasks_total", { agent: "reader" });
    });
    expect(tasks).toBeGreaterThan(0);
    for (const [, pid] of app.stdout.matchAll(/child (\d+)/g)) process.kill(Number(pid));
  });
});
