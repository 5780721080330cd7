import { type AddressInfo, createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { scrape } from "./harness/exposition.ts";
import { type OtlpSink, startOtlpSink } from "./harness/otlp-sink.ts";
import { PluginApp } from "./harness/plugin-app.ts";

let sink: OtlpSink;
let app: PluginApp;

/** An interval that never passes: what arrives was sent at the end. */
function pushing(): Record<string, string> {
  return {
    OTEL_METRICS_EXPORTER: "otlp,prometheus",
    OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    OTEL_METRIC_EXPORT_INTERVAL: "3600000",
  };
}

async function start(args: readonly string[], env: Record<string, string> = pushing()): Promise<void> {
  app = await PluginApp.start(args, env);
}

beforeEach(async () => {
  sink = await startOtlpSink();
});
afterEach(async () => {
  await app.stop();
  await sink.stop();
});

describe("a process that comes to its end", () => {
  it("sends what was counted and exits with its exit code", async () => {
    await start(["test/e2e/apps/short-job.mjs"]);
    expect(await app.ends()).toEqual({ code: 0, signal: null });
    expect(sink.last("job.rows")).toBe(42);
  });

  it("is not kept alive by the plugin", async () => {
    await start(["--eval", "0"], {});
    expect(await app.ends()).toEqual({ code: 0, signal: null });
    expect(app.stderr).toBe("");
  });

  it("keeps its exit code and its error", async () => {
    await start(["--eval", "process.exitCode = 7"]);
    expect(await app.ends()).toEqual({ code: 7, signal: null });
    await app.stop();
    await start(["--eval", "throw new Error('of the app')"]);
    expect(await app.ends()).toEqual({ code: 1, signal: null });
    expect(app.stderr).toContain("of the app");
  });

  it("ends within six seconds when no server accepts its metrics", async () => {
    const env = pushing();
    await sink.stop();
    await start(["test/e2e/apps/short-job.mjs"], env);
    expect(await app.ends(6000)).toEqual({ code: 0, signal: null });
  });

  it("does so too when it shuts down a monitor in its code", async () => {
    const env = pushing();
    await sink.stop();
    app = await PluginApp.startPlain(["test/e2e/apps/monitored-job.mjs"], env);
    expect(await app.ends(6000)).toEqual({ code: 0, signal: null });
    expect(app.stdout).toContain("job done");
  });

  it("does so too when the server never answers", async () => {
    const hanging = await silentServer();
    await start(["test/e2e/apps/short-job.mjs"], { ...pushing(), ...hanging.env });
    const exit = await app.ends(6000).finally(hanging.close);
    expect(exit).toEqual({ code: 0, signal: null });
  });
});

describe("a process whose push interval is shorter than the timeout of a push", () => {
  // The three seconds of the job, the rest of a push, and the time of the last push.
  const often = { OTEL_METRIC_EXPORT_INTERVAL: "1500" };
  const job = ["--eval", "setTimeout(() => {}, 3000)"];

  it.for(["http/json", "grpc"])("ends when no server accepts what it sends by %s", async (protocol) => {
    const env = { ...pushing(), ...often, OTEL_EXPORTER_OTLP_PROTOCOL: protocol };
    await sink.stop();
    await start(job, env);
    expect(await app.ends(12_000)).toEqual({ code: 0, signal: null });
  });

  it.for(["http/json", "grpc"])("ends when what it sends by %s is never answered", async (protocol) => {
    const hanging = await silentServer();
    await start(job, { ...pushing(), ...often, ...hanging.env, OTEL_EXPORTER_OTLP_PROTOCOL: protocol });
    const exit = await app.ends(12_000).finally(hanging.close);
    expect(exit).toEqual({ code: 0, signal: null });
  });
});

/** Accepts requests and never answers. */
async function silentServer(): Promise<{ env: Record<string, string>; close(): void }> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }, close: () => server.close() };
}

describe.for(["SIGTERM", "SIGINT"] as const)("a process that gets %s", (signal) => {
  it("sends what was counted and ends by the signal, as without the plugin", async () => {
    await start(["test/e2e/apps/waiting-job.mjs"]);
    await app.says("job waits");
    app.kill(signal);
    expect(await app.ends()).toEqual({ code: null, signal });
    expect(sink.last("job.rows")).toBe(42);
  });
});

describe("a process whose traces are exported too", () => {
  it("sends its metrics and ends by the signal", async () => {
    await start(["test/e2e/apps/waiting-job.mjs"], { ...pushing(), OTEL_TRACES_EXPORTER: "console" });
    await app.says("job waits");
    app.kill("SIGTERM");
    expect(await app.ends()).toEqual({ code: null, signal: "SIGTERM" });
    expect(sink.last("job.rows")).toBe(42);
  });
});

describe("a process that pushes nothing and keeps no history", () => {
  it.for([
    "const until = Date.now() + 6000; while (Date.now() < until);",
    "try { child_process.execSync('sleep 6') } catch {} console.log('goes on')",
  ])("ends at once by a signal while it is blocked: %s", async (blocks) => {
    await start(["--eval", `console.log("blocked"); setTimeout(() => { ${blocks} }, 1000)`], {});
    await app.says("blocked");
    // A signal before it is blocked ends it too.
    await new Promise((later) => setTimeout(later, 1500));
    app.kill("SIGINT");
    expect(await app.ends(3000)).toEqual({ code: null, signal: "SIGINT" });
    expect(app.stdout).toBe("blocked\n");
  });

  it("finds no listener of a signal but its own", async () => {
    const signals = `["SIGTERM", "SIGINT", "SIGHUP"]`;
    await start(
      ["--eval", `setTimeout(() => console.log(${signals}.map((s) => process.listenerCount(s))), 500)`],
      {},
    );
    expect(await app.ends()).toEqual({ code: 0, signal: null });
    expect(app.stdout).toBe("[ 0, 0, 0 ]\n");
  });

  it("may have ten listeners of each event without a warning", async () => {
    const listen = `for (const event of ["exit", "beforeExit", "worker"])
      for (let count = 0; count < 10; count++) process.on(event, () => {});`;
    await start(["--eval", listen], {});
    expect(await app.ends()).toEqual({ code: 0, signal: null });
    expect(app.stderr).toBe("");
  });
});

describe("a child process that its parent shows", () => {
  const env = { NODE_OPTIONS: "--import otel-forecast/register" };
  const parentOf = (child: string) => `
    const child = child_process.spawn(process.execPath, ["--eval", ${JSON.stringify(child)}], { timeout: 4000 });
    child.on("exit", (code, signal) => console.log(code, signal));`;

  it("ends at once by a signal while it is blocked, if it has used nothing", async () => {
    const code = parentOf(
      "setTimeout(() => { const until = Date.now() + 9000; while (Date.now() < until); }, 2000)",
    );
    app = await PluginApp.startPlain(["--eval", code], env);
    expect(await app.ends(8000)).toEqual({ code: 0, signal: null });
    expect(app.stdout).toBe("null SIGTERM\n");
  });
});

describe("a process whose application begins to push, by a provider of its own", () => {
  it("has a listener of the plugin from then on, so that its last numbers are pushed", async () => {
    const code = `
      import { metrics } from "@opentelemetry/api";
      import { ConsoleMetricExporter, MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
      const before = process.listenerCount("SIGTERM");
      const exporter = new ConsoleMetricExporter();
      const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
      metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
      process.stdout.write(before + " " + process.listenerCount("SIGTERM"));`;
    await start(["--input-type=module", "--eval", code], {});
    expect(await app.ends()).toEqual({ code: 0, signal: null });
    expect(app.stdout).toBe("0 1");
  });
});

describe("a process with a handler of its own", () => {
  it("ends when it decides to, with its exit code, and sends what was counted before", async () => {
    await start(["test/e2e/apps/tidy-job.mjs"]);
    await app.says("job waits");
    app.kill("SIGTERM");
    expect(await app.ends()).toEqual({ code: 3, signal: null });
    expect(app.stdout).toContain("tidied up");
    expect(sink.last("job.rows")).toBe(40);
  });
});

describe("an app that handles a signal and lives on", () => {
  it("goes on to be measured, and sends what it counts after the signal", async () => {
    await start(["test/e2e/apps/interrupted-agent.mjs"]);
    await app.says("agent waits");
    app.kill("SIGINT");
    await app.says("task ended");
    await app.waitFor(
      "what was counted before the signal",
      () => sink.last("agent.steps") === 1 || undefined,
    );
    expect((await scrape(app.metricsUrl)).find(({ name }) => name === "agent_steps_total")?.value).toBe(2);
    app.kill("SIGTERM");
    expect(await app.ends()).toEqual({ code: null, signal: "SIGTERM" });
    expect(sink.last("agent.steps")).toBe(2);
  });
});
