import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { Child } from "../e2e/harness/child.ts";
import { freePort } from "../e2e/harness/free-ports.ts";
import { startOtlpSink } from "../e2e/harness/otlp-sink.ts";
import { logReceiver } from "./log-receiver.ts";

const register = ["--import", "./instrumentation/register.ts"];

/** What a job prints that is started with the source of the plugin, and has ended. */
async function printedBy(
  code: string,
  env: Readonly<Record<string, string>>,
  flags = register,
): Promise<string> {
  const args = [...flags, "--input-type=module", "--eval", code];
  const job = new Child("a job", process.execPath, args, { env });
  expect(await job.ends()).toEqual({ code: 0, signal: null });
  return job.output;
}

it("a job that ends at once pushes what it counted", async () => {
  const sink = await startOtlpSink();
  const code = `import { metrics } from "@opentelemetry/api";
metrics.getMeter("job").createCounter("job.rows").add(42);`;
  await printedBy(code, {
    OTEL_METRICS_EXPORTER: "otlp",
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
  });
  await sink.stop();
  expect(sink.last("job.rows")).toBe(42);
});

it("a job has the spans that its variables ask for, and is counted as an agent by them", async () => {
  const code = `import { trace } from "@opentelemetry/api";
trace.getTracer("job").startSpan("invoke_agent clerk", { attributes: {
  "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "clerk",
} }).end();`;
  const exporters = { OTEL_METRICS_EXPORTER: "console" };
  const without = await printedBy(code, exporters);
  expect(without).not.toContain("traceId");
  expect(without).toContain("clerk");
  expect(await printedBy(code, { ...exporters, OTEL_TRACES_EXPORTER: "console" })).toMatch(
    /traceId[\s\S]+invoke_agent clerk/,
  );
});

it("a job has the runs of its frameworks' agents, but for what its variable switches off", async () => {
  const code = `import { generateText } from "ai";
import { MockLanguageModelV4 } from "ai/test";
const count = { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 };
const usage = { inputTokens: count, outputTokens: { total: 1, text: 1, reasoning: 0 } };
const finishReason = { unified: "stop", raw: undefined };
const answer = { content: [{ type: "text", text: "done" }], finishReason, usage, warnings: [] };
const model = new MockLanguageModelV4({ doGenerate: async () => answer });
await generateText({ model, prompt: "Go.", telemetry: { functionId: "clerk" } });`;
  const variables = { OTEL_METRICS_EXPORTER: "console" };
  expect(await printedBy(code, variables)).toContain("clerk");
  const disabled = { ...variables, OTEL_NODE_DISABLED_INSTRUMENTATIONS: "ai-sdk" };
  expect(await printedBy(code, disabled)).not.toContain("clerk");
});

it("reports a level of the log that there is not, and the slip in the name of an instrumentation, but no name that others have", async () => {
  const disabled = "lang-chain,host-metrics,fs,amqplib";
  const printed = await printedBy("0", {
    OTEL_METRICS_EXPORTER: "none",
    OTEL_LOG_LEVEL: "warning",
    OTEL_NODE_DISABLED_INSTRUMENTATIONS: disabled,
  });
  expect(printed.match(/\[warn\].*/g)).toEqual([
    expect.stringContaining("OTEL_LOG_LEVEL must be one of"),
    '[warn] otel-forecast: OTEL_NODE_DISABLED_INSTRUMENTATIONS: there is no "lang-chain"; did you mean langchain?',
  ]);
});

it("a job pushes its last log records", async () => {
  const { variables, received } = await logReceiver();
  const emits = `import { logs } from "@opentelemetry/api";
logs.getLogger("job").emit({ body: "the last line" });`;
  await printedBy(emits, variables);
  expect(received()).toContain("the last line");
});

it("a job has what the host and its runtime use, but for what its variable switches off", async () => {
  const namesWithout = async (disabled: string): Promise<string[]> => {
    const variables = { OTEL_METRICS_EXPORTER: "console", OTEL_NODE_DISABLED_INSTRUMENTATIONS: disabled };
    const printed = await printedBy("", variables);
    return ["process.cpu.time", "nodejs.eventloop.time"].filter((name) => printed.includes(`'${name}'`));
  };
  expect(await namesWithout("")).toEqual(["process.cpu.time", "nodejs.eventloop.time"]);
  expect(await namesWithout("host-metrics")).toEqual(["nodejs.eventloop.time"]);
  expect(await namesWithout("runtime-node")).toEqual(["process.cpu.time"]);
});

it("does not forecast what the host uses by the names of the conventions, which other metrics of ours cover", async () => {
  const code = "await new Promise((resolve) => setTimeout(resolve, 1500));";
  const often = { OTEL_FORECAST_COLLECTION_INTERVAL: "100" };
  const printed = await printedBy(code, { OTEL_METRICS_EXPORTER: "console", ...often });
  for (const name of ["system.cpu.utilization", "system.memory.usage", "process.memory.usage"])
    expect(printed).toContain(`'${name}'`);
  const forecast = [...printed.matchAll(/metric: '(\w+)'/g)].map(([, name]) => name);
  expect(forecast).toContain("system_cpu_usage_percent");
  expect(forecast.filter((name) => /_(utilization|usage|io)$/.test(name ?? ""))).toEqual([]);
});

it("does not call os.cpus(), which stops an app for long on some machines", async () => {
  const code = `import { writeSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import os from "node:os";
const { cpus } = os;
os.cpus = () => { writeSync(1, "os.cpus was called"); return cpus(); };
syncBuiltinESMExports();
await import("./instrumentation/register.ts");`;
  const printed = await printedBy(code, { OTEL_METRICS_EXPORTER: "console" }, []);
  expect(printed).toContain("'system.cpu.time'");
  expect(printed.includes("os.cpus was called")).toBe(process.platform !== "linux");
});

/** A configuration file with a meter provider that prints what it has. */
function configFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-zero-code-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "sdk.yaml");
  writeFileSync(
    file,
    `file_format: "1.0-rc.2"
meter_provider: { readers: [{ periodic: { interval: 3600000, exporter: { console: {} } } }] }
`,
  );
  return file;
}

it("the meter provider of a configuration file has what an app counts, until the app registers its own", async () => {
  const counts = `import { metrics } from "@opentelemetry/api";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
const count = (name) => metrics.getMeter("app").createCounter(name).add(42);
count("orders.before");`;
  const variables = { OTEL_CONFIG_FILE: configFile(), OTEL_METRICS_EXPORTER: "none" };
  expect(await printedBy(`${counts} count("orders.later");`, variables)).toContain("orders.later");
  // The provider that was replaced prints what it has and ends at once, not with the process.
  const replaces = `const { dir } = console;
const hasPrinted = new Promise((done) => { console.dir = (...given) => { dir(...given); done(); } });
const waiting = setTimeout(() => process.exit(1), 20_000);
metrics.setGlobalMeterProvider(new MeterProvider());
count("orders.later");
await hasPrinted;
clearTimeout(waiting);`;
  const replaced = await printedBy(`${counts} ${replaces}`, variables);
  expect(replaced).toContain("orders.before");
  expect(replaced).not.toContain("orders.later");
});

it("the meter provider that an app registers in place of that of a configuration file is shown", async () => {
  const code = `import { metrics } from "@opentelemetry/api";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
metrics.setGlobalMeterProvider(new MeterProvider());
metrics.getMeter("app").createCounter("orders").add(42);
setInterval(() => {}, 1000);`;
  const port = await freePort();
  const args = [...register, "--input-type=module", "--eval", code];
  const app = new Child("an app", process.execPath, args, {
    env: { OTEL_CONFIG_FILE: configFile(), OTEL_EXPORTER_PROMETHEUS_PORT: String(port) },
  });
  onTestFinished(() => app.stop());
  const shown = await app.waitFor("its orders", async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`).catch(() => undefined);
    return /^orders_total\S* (\d+)$/m.exec((await answer?.text()) ?? "")?.[1];
  });
  expect(shown).toBe("42");
  await app.waitFor(
    "its address",
    async () => app.output.includes(`metrics and forecasts at http://localhost:${port}/metrics`) || undefined,
  );
});

it.skipIf(process.platform === "win32")(
  "an app that lives on after a signal has pushed what it had counted and logged until then",
  async () => {
    const sent: string[] = [];
    const server = createServer((request, response) => {
      request.on("data", (part: Buffer) => sent.push(part.toString()));
      request.on("end", () => response.setHeader("content-type", "application/json").end("{}"));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close().closeAllConnections());
    const code = `import { logs, metrics } from "@opentelemetry/api";
process.on("SIGTERM", () => console.log("lives on"));
metrics.getMeter("app").createCounter("app.orders").add(42);
logs.getLogger("app").emit({ body: "an order" });
setInterval(() => {}, 1000);
console.log("ready");`;
    const app = new Child("an app", process.execPath, [...register, "--input-type=module", "--eval", code], {
      env: {
        ...{
          OTEL_METRICS_EXPORTER: "otlp",
          OTEL_LOGS_EXPORTER: "otlp",
          OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
        },
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        // Nothing is pushed by an interval.
        ...{ OTEL_METRIC_EXPORT_INTERVAL: "3600000", OTEL_BLRP_SCHEDULE_DELAY: "3600000" },
      },
    });
    onTestFinished(() => app.kill("SIGKILL"));
    await app.says("ready");
    app.kill("SIGTERM");
    await app.says("lives on");
    // The resource has the code of the app, so that the names alone are in any push.
    const expected = ['"name":"app.orders"', '"stringValue":"an order"'];
    await app.waitFor(
      "what it had until then",
      async () => expected.every((text) => sent.join("").includes(text)) || undefined,
    );
    expect(app.output).toContain("lives on");
  },
);
