import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ShownSample } from "../e2e/harness/exposition.ts";
import { InstalledApp } from "./harness/installed-app.ts";
import { type Life, live, UNITS } from "./harness/life.ts";
import { CURRENT, nodeOf } from "./harness/node-versions.ts";
import { npm, type PackageManager, pnpm } from "./harness/package-managers.ts";
import { packed } from "./harness/package-under-test.ts";
import type { Sink } from "./harness/sink.ts";

interface App {
  readonly name: string;
  readonly file?: string;
  readonly manager?: PackageManager;
  readonly nodeArgs?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Whether its spans are pushed. */
  readonly exportsSpans?: boolean;
  /** Whether its metrics are pushed. */
  readonly exportsMetrics?: boolean;
  /** Whether our metrics are exported by OTLP only. */
  readonly byOtlp?: boolean;
  /** Whether its own instruments can be forecast. */
  readonly isForecast?: boolean;
}

const auto = {
  byOtlp: true,
  nodeArgs: ["--import", "@opentelemetry/auto-instrumentations-node/register"],
  env: {
    OTEL_TRACES_EXPORTER: "otlp",
    OTEL_METRICS_EXPORTER: "otlp",
    OTEL_LOGS_EXPORTER: "none",
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    OTEL_BSP_SCHEDULE_DELAY: "300",
    OTEL_METRIC_EXPORT_INTERVAL: "500",
    OTEL_METRIC_EXPORT_TIMEOUT: "400",
  },
} as const;

/** Real-world apps, each with an SDK of its own, or without one. */
const APPS: readonly App[] = [
  { name: "plain", manager: pnpm, exportsSpans: false },
  { name: "node-sdk-2", exportsMetrics: true },
  { name: "node-sdk-3", exportsMetrics: true },
  { name: "sdk-1", file: "app.cjs", exportsMetrics: true, isForecast: false },
  { name: "auto-2", exportsMetrics: true, ...auto },
  { name: "auto-3", exportsMetrics: true, ...auto },
  { name: "openlit" },
  { name: "traceloop" },
  { name: "langfuse" },
  { name: "sentry-10" },
  { name: "vercel-otel", env: { OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" } },
];

let tarball: string;
beforeAll(() => {
  tarball = packed();
});

describe.each(APPS)("an app of $name", (app) => {
  const { name, file = "app.mjs", manager = npm, byOtlp = false } = app;
  const { exportsSpans = true, exportsMetrics = false } = app;
  let installed: InstalledApp;
  let bare: Life;
  let withUs: Life;
  let apis: number;

  beforeAll(async () => {
    installed = new InstalledApp(name, manager);
    apis = installed.copiesOf("@opentelemetry/api");
    const how = { node: nodeOf(CURRENT), app: [file], env: app.env ?? {}, nodeArgs: app.nodeArgs ?? [] };
    bare = await live(installed.folder, { ...how, withUs: false });
    const { status, output } = installed.add(tarball);
    expect({ status, output }).toEqual({
      status: 0,
      output: expect.not.stringMatching(/ERESOLVE|peer|warn.*otel-forecast/i),
    });
    withUs = await live(installed.folder, { ...how, withUs: true, isTold: byOtlp ? isPushed : shownOf(app) });
  });
  afterAll(() => installed?.remove());

  it("has metrics and forecasts of its agent and of its own instruments", () => {
    expect(withUs.exit).toBeDefined();
  });

  it("gets no second copy of the API", () => {
    expect(installed.copiesOf("@opentelemetry/api")).toBe(apis);
  });

  it("ends as without us, with the same output", () => {
    expect(withUs.exit).toEqual(bare.exit);
    expect(withUs.stdout).toBe(bare.stdout);
    expect(newLines(bare.stderr, withUs.stderr)).toEqual([]);
  });

  it.runIf(exportsSpans)("has every span pushed that it makes", () => {
    expect(bare.spans).toBeGreaterThanOrEqual(UNITS);
    expect(withUs.spans).toBe(bare.spans);
  });

  it.runIf(exportsMetrics)("has its metrics pushed", () => {
    expect([bare.units, withUs.units]).toEqual([UNITS, UNITS]);
  });
});

/** Lines of one run that another did not write, without numbers and without our own lines. */
function newLines(before: string, after: string): string[] {
  const linesOf = (text: string): string[] => text.replace(/\d+/g, "0").split("\n");
  const known = new Set(linesOf(before));
  return linesOf(after).filter((line) => !known.has(line) && !/^\[(info|warn)\] otel-forecast: /.test(line));
}

/** All runs of the agent, its forecasts and those of the app's gauge, on our endpoint. */
function shownOf({ isForecast = true }: App): (samples: readonly ShownSample[]) => boolean {
  return (samples) => {
    const value = (metric: string, labels: Readonly<Record<string, string>> = {}): number | undefined =>
      samples.find(
        (it) => it.name === metric && Object.entries(labels).every(([key, text]) => it.labels[key] === text),
      )?.value;
    const agent = { agent: "planner" };
    return (
      value("ai_cloud_completed_tasks_total", agent) === UNITS &&
      value("ai_cloud_task_success_rate_predicted", agent) !== undefined &&
      (!isForecast || value("app_queue_predicted") !== undefined)
    );
  };
}

/** The same in what the app's exporter pushes. */
function isPushed(_: readonly ShownSample[], sink: Sink): boolean {
  return (
    sink.lastSum("ai_cloud.completed_tasks") === UNITS &&
    sink.count("ai_cloud_task_success_rate_predicted") > 0 &&
    sink.count("app_queue_predicted") > 0
  );
}
