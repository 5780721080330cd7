import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { ExplicitHistogramPoint } from "../../src/core/metric-point.ts";
import type { PathPoint } from "../../src/engine/outlook-path.ts";
import { ForecastPaths } from "../../src/gateway/outputs/forecast-paths.ts";
import { remoteReadOutput } from "../../src/gateway/outputs/remote-read.ts";
import { RemoteWriteOutput } from "../../src/gateway/outputs/remote-write.ts";
import { remoteWriteReceiver } from "../../src/gateway/receivers/remote-write.ts";
import { RecordedIntake } from "../gateway/receivers/recorded-intake.ts";
import { type Served, serve } from "../gateway/remote/served.ts";
import { Harness, MINUTE, SECOND, World } from "../run/harness.ts";
import { needs, prometheus } from "./harness/components.ts";
import { freePort } from "./harness/free-ports.ts";
import { type MoreConfiguration, PrometheusServer, type ScrapeTarget } from "./harness/prometheus.ts";
import { waitFor } from "./harness/wait-for.ts";

const HOUR = 3600;
/** Stopped in the reverse order of their start, also when the test fails. */
const toEnd: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of toEnd.splice(0).reverse()) await end();
});

async function served(listener: Parameters<typeof serve>[0]): Promise<Served> {
  const server = await serve(listener);
  toEnd.push(() => server.stop());
  return server;
}

async function startPrometheus(
  parts: { targets?: readonly ScrapeTarget[]; rules?: string; more?: MoreConfiguration } = {},
): Promise<PrometheusServer> {
  const { targets = [], rules, more } = parts;
  const alerting = rules === undefined ? undefined : { ruleFiles: [rules], interval: "1s" };
  const server = new PrometheusServer(await freePort(), targets, alerting, more);
  toEnd.push(() => server.stop());
  await server.ready();
  return server;
}

/** A pipeline that has forecast a queue until now, in the time of the machine. */
async function forecastQueue(): Promise<Harness> {
  const world = new World();
  const ticks = 90;
  world.millis = Date.now() - ticks * 10 * SECOND;
  const harness = new Harness(
    { method: "auto", horizons: ["5m", "1h"], collectionIntervalMillis: 10 * SECOND },
    world,
  );
  const gauge = harness.application().getMeter("app").createGauge("queue_depth");
  await harness.ticks(ticks, (tick) =>
    gauge.record(100 + tick + 3 * Math.sin(tick), { "queue.name": "mail" }),
  );
  return harness;
}

describe("a Prometheus that writes to the receiver", () => {
  const observer = { received: vi.fn(), refused: vi.fn(), dropped: vi.fn() };

  it("gives it its samples, with types, histograms and ends", async (context) => {
    needs(context, prometheus);
    let scrapes = 0;
    const target = await served((_, response) => {
      scrapes += 1;
      const depth = scrapes > 6 ? "" : `# TYPE depth gauge\ndepth{queue="mail"} ${scrapes}.5\n`;
      response.setHeader("content-type", "text/plain; version=0.0.4");
      response.end(
        `${depth}# HELP done Jobs.\n# TYPE done counter\ndone ${scrapes * 10}\n` +
          "# TYPE wait_seconds histogram\n" +
          `wait_seconds_bucket{le="0.5"} ${scrapes}\nwait_seconds_bucket{le="1"} ${scrapes * 2}\n` +
          `wait_seconds_bucket{le="+Inf"} ${scrapes * 3}\nwait_seconds_sum ${scrapes * 2}\n` +
          `wait_seconds_count ${scrapes * 3}\n`,
      );
    });
    const intake = new RecordedIntake();
    const receiver = await served(remoteWriteReceiver({ intake, observer }));
    await startPrometheus({
      targets: [{ road: "direct", address: `127.0.0.1:${target.port}`, interval: "500ms" }],
      more: {
        remote_write: [
          {
            url: `${receiver.url}/api/v1/write`,
            queue_config: { batch_send_deadline: "500ms" },
            metadata_config: { send_interval: "1s" },
          },
        ],
      },
    });
    const ofQueue = { queue: "mail", job: "direct", road: "direct" };
    await waitFor("the end of a series", () =>
      intake.of("depth", ofQueue).find(([, value]) => value === "end"),
    );
    const values = intake.of("depth", ofQueue).map(([, value]) => value);
    expect(values.slice(0, -1)).toEqual([1.5, 2.5, 3.5, 4.5, 5.5, 6.5].slice(-values.length + 1));
    await waitFor("a histogram", () => intake.of("wait_seconds").at(8));
    const point = intake.of("wait_seconds").at(-1)?.[1] as ExplicitHistogramPoint;
    const { count } = point;
    expect(point).toEqual({
      kind: "explicit",
      count,
      sum: (count / 3) * 2,
      boundaries: [0.5, 1],
      counts: [count / 3, count / 3, count / 3],
    });
    // The name does not tell that it is a counter.
    await waitFor("the metadata", () =>
      intake.streams.find(({ header }) => header.name === "done" && header.kind === "counter"),
    );
    const described = intake.streams.find(
      ({ header }) => header.kind === "counter" && header.name === "done",
    );
    expect(described?.header.description).toBe("Jobs.");
    expect(intake.kinds).not.toHaveProperty("wait_seconds_sum");
    expect(intake.kinds).not.toHaveProperty("wait_seconds_count");
    expect(observer.refused).not.toHaveBeenCalled();
    expect(observer.dropped.mock.calls).toEqual([]);
  });
});

describe("a Prometheus that reads the paths of forecasts", () => {
  it("has them at their own times, to the last bit, in queries and in rules, and asks for nothing else", async (context) => {
    needs(context, prometheus);
    const observer = { answered: vi.fn(), refused: vi.fn() };
    const { engine } = (await forecastQueue()).pipeline;
    const source = new ForecastPaths(() => engine.forecasters);
    const gateway = await served(remoteReadOutput({ source, observer }));
    const [path] = [...source.paths()].filter(({ metric }) => metric === "queue_depth");
    const points = [...(path?.points() ?? [])] as PathPoint[];
    const highest = Math.max(...points.map(({ predicted }) => predicted));
    const folder = mkdtempSync(join(tmpdir(), "otel-forecast-remote-"));
    toEnd.push(() => rmSync(folder, { recursive: true, force: true }));
    const rules = join(folder, "rules.yml");
    const ahead = 'max_over_time(queue_depth{forecast="path"}[1h] offset -1h)';
    const rule = (alert: string, limit: number) => ({ alert, expr: `${ahead} > ${limit}`, for: "2s" });
    writeFileSync(
      rules,
      JSON.stringify({
        groups: [{ name: "g", rules: [rule("Heading", highest - 1), rule("Not", highest + 1)] }],
      }),
    );
    const read = { url: `${gateway.url}/api/v1/read`, read_recent: true };
    const server = await startPrometheus({
      rules,
      more: {
        global: { external_labels: { cluster: "eu1" } },
        remote_read: [
          { ...read, required_matchers: { forecast: "path" }, filter_external_labels: false },
          // Here Prometheus asks for cluster="eu1" too, and takes it away from the answer.
          { ...read, required_matchers: { forecast: "upper" } },
        ],
      },
    });

    const end = (path?.latest.at ?? 0) / 1000 + HOUR;
    const expected = points.map(({ at, predicted }) => [Math.round(at) / 1000, predicted]);
    const stored = await server.samples('queue_depth{forecast="path"}[2h]', end);
    expect(stored).toEqual([
      { labels: { __name__: "queue_depth", forecast: "path", queue_name: "mail" }, samples: expected },
    ]);
    expect(stored[0]?.samples.length).toBeGreaterThanOrEqual(360);

    const start = Math.ceil((points[0]?.at ?? 0) / 1000);
    const [drawn] = await server.range('queue_depth{forecast="path"}', start, end, 60);
    expect(drawn?.samples).toHaveLength(Math.floor((end - start) / 60) + 1);
    for (const [at, value] of drawn?.samples ?? [])
      expect(value).toBe(points.findLast((point) => Math.round(point.at) <= at * 1000)?.predicted);

    const [upper] = await server.samples('queue_depth{forecast="upper",level="0.8"}[2h]', end);
    expect(upper?.samples).toEqual(points.map(({ at, upper: bound }) => [Math.round(at) / 1000, bound]));
    expect(upper?.labels).toEqual({
      __name__: "queue_depth",
      forecast: "upper",
      level: "0.8",
      queue_name: "mail",
    });

    const alerts = await waitFor("a firing alert", async () => {
      const { data } = (await (await fetch(`${server.url}/api/v1/alerts`)).json()) as {
        data: { alerts: { state: string; labels: Record<string, string>; value: string }[] };
      };
      return data.alerts.some(({ state }) => state === "firing") ? data.alerts : undefined;
    });
    expect(alerts.map(({ labels }) => labels.alertname)).toEqual(["Heading"]);
    expect(Number(alerts[0]?.value)).toBe(highest);
    expect(observer.refused).not.toHaveBeenCalled();

    const quiet = await startPrometheus({
      more: { remote_read: [{ ...read, required_matchers: { forecast: "path" } }] },
    });
    // That Prometheus evaluates no rules: only queries can ask the gateway.
    await server.stop();
    observer.answered.mockClear();
    for (const query of ["up[5m]", "queue_depth[5m]", 'queue_depth{forecast="upper"}[5m]'])
      await quiet.samples(query);
    expect(observer.answered).not.toHaveBeenCalled();
    await quiet.samples('queue_depth{forecast="path"}[5m]', end);
    expect(observer.answered).toHaveBeenCalledTimes(1);
  });

  it("gets an error that says what to do when it asks for too much", async (context) => {
    needs(context, prometheus);
    const observer = { answered: vi.fn(), refused: vi.fn() };
    const { engine } = (await forecastQueue()).pipeline;
    const source = new ForecastPaths(() => engine.forecasters);
    const gateway = await served(remoteReadOutput({ source, observer, maxSamples: 100 }));
    const server = await startPrometheus({
      more: {
        remote_read: [{ url: gateway.url, read_recent: true, required_matchers: { forecast: "path" } }],
      },
    });
    const query = { query: 'queue_depth{forecast="path"}[2h]', time: String(Date.now() / 1000 + HOUR) };
    const response = await fetch(`${server.url}/api/v1/query?${new URLSearchParams(query)}`);
    const { warnings } = (await response.json()) as { warnings?: string[] };
    expect(warnings?.join()).toContain("the answer has more than 100 samples");
  });
});

describe("a Prometheus that is written to", () => {
  it("has the forecasts of the page, and those of the next minutes at their own times", async (context) => {
    needs(context, prometheus);
    const observer = { sent: vi.fn(), dropped: vi.fn() };
    const harness = await forecastQueue();
    const { engine, producer } = harness.pipeline;
    const server = await startPrometheus();
    const paths = new ForecastPaths(() => engine.forecasters);
    const output = new RemoteWriteOutput({
      targets: [{ url: `${server.url}/api/v1/write`, future: 8 * MINUTE }],
      producer,
      paths,
      observer,
    });
    toEnd.push(() => output.shutdown());
    await output.push();
    await waitFor("both messages", () => observer.sent.mock.calls[1]);
    expect(observer.dropped).not.toHaveBeenCalled();

    for (const horizon of ["5m", "1h"]) {
      const [series] = await server.samples(`queue_depth_predicted{horizon="${horizon}"}[5m]`);
      expect(series?.labels).toMatchObject({ queue_name: "mail", horizon });
      expect(series?.samples.map(([, value]) => value)).toEqual([
        await harness.value("queue_depth_predicted", { horizon }),
      ]);
    }
    const [path] = [...paths.paths()].filter(({ metric }) => metric === "queue_depth");
    const points = [...(path?.points() ?? [])] as PathPoint[];
    const [stored] = await server.samples('queue_depth{forecast="path"}[20m]', Date.now() / 1000 + 15 * 60);
    expect(stored?.samples.length).toBeGreaterThan(40);
    for (const [at, value] of stored?.samples ?? [])
      expect(value).toBe(points.find((point) => Math.round(point.at) === Math.round(at * 1000))?.predicted);
  });
});
