import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { Child } from "../e2e/harness/child.ts";
import { logReceiver } from "./log-receiver.ts";

/** Runs a module with the source of the plugin, after one that is loaded before it. */
function started(code: string, env: Readonly<Record<string, string>>, before = ""): Child {
  const importOf = (text: string): string[] => ["--import", text];
  const args = [
    ...importOf(`data:text/javascript,${encodeURIComponent(before)}`),
    ...importOf("./instrumentation/register.ts"),
    ...["--input-type=module", "--eval", code],
  ];
  const child = new Child("a job", process.execPath, args, { env });
  onTestFinished(() => child.kill("SIGKILL"));
  return child;
}

async function outputOf(...given: Parameters<typeof started>): Promise<string> {
  const child = started(...given);
  expect(await child.ends()).toEqual({ code: 0, signal: null });
  return child.output;
}

const printed = { OTEL_METRICS_EXPORTER: "console" };
const counts = `import { metrics } from "@opentelemetry/api";
const count = (name) => metrics.getMeter("app").createCounter(name).add(42);`;

it("what can't be observed is logged under a runtime without hooks, and not under Node", async () => {
  expect(await outputOf("", printed)).not.toContain("observeClass()");
  expect(await outputOf("", printed, 'process.versions.deno = "2.5.0";')).toContain(
    "otel-forecast: under Deno 2.5.0, LangGraph, Mastra, MCP and the SDKs of providers are observed only by observeClass()",
  );
});

it("a second copy in one process leaves the work to the first, and logs so", async () => {
  const output = await outputOf('await import("./instrumentation/register.ts?another");', printed);
  expect(output.match(/another copy of otel-forecast has started/g)).toHaveLength(1);
  expect(output).not.toContain("is not from OpenTelemetry");
  expect(await outputOf("", printed)).not.toContain("another copy");
});

it("an app runs without a monitor that can't start, and its log says why", async () => {
  const before = `const { once } = process;
process.once = (name, ...given) => {
  if (name === "beforeExit") throw new Error("no end is announced");
  return once.call(process, name, ...given);
};`;
  const output = await outputOf('console.log("at work")', printed, before);
  expect(output).toContain(
    "[error] otel-forecast: could not start, the application runs without it: no end is announced",
  );
  expect(output).toContain("at work");
});

it("the address is logged only if the port is ours", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const job = started("setInterval(() => {}, 1000);", {
    OTEL_EXPORTER_PROMETHEUS_HOST: "127.0.0.1",
    OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
  });
  const isSaid = (): true | undefined =>
    job.stderr.includes("otel-forecast: prometheus endpoint") || undefined;
  await job.waitFor("what becomes of the port", isSaid);
  job.kill("SIGTERM");
  await job.ends();
  expect(job.output).not.toContain("metrics and forecasts at");
});

it("a meter provider that an app registered before is joined", async () => {
  const root = process.cwd();
  const before = `import { createRequire } from "node:module";
const load = createRequire(${JSON.stringify(`${root}/`)});
const { metrics } = load("@opentelemetry/api");
const { MeterProvider } = load("@opentelemetry/sdk-metrics");
metrics.setGlobalMeterProvider(new MeterProvider());`;
  expect(await outputOf("", printed, before)).toContain("joined the meter provider of the application");
});

it("once an app unregisters its meter provider, what it counts is ours again", async () => {
  const code = `${counts}
import { MeterProvider } from "@opentelemetry/sdk-metrics";
metrics.setGlobalMeterProvider(new MeterProvider());
metrics.disable();
count("orders.later");`;
  expect(await outputOf(code, printed)).toContain("orders.later");
});

it("with agents of spans switched off, an app has its spans all the same", async () => {
  const code = `import { trace } from "@opentelemetry/api";
trace.getTracer("job").startSpan("invoke_agent clerk", { attributes: {
  "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "clerk",
} }).end();`;
  const output = await outputOf(code, {
    ...printed,
    OTEL_TRACES_EXPORTER: "console",
    OTEL_NODE_DISABLED_INSTRUMENTATIONS: "agent-spans",
  });
  expect(output).toMatch(/traceId[\s\S]+invoke_agent clerk/);
});

it.skipIf(process.platform === "win32")("a signal right after the start loses no log record", async () => {
  const { variables, received } = await logReceiver();
  const code = `import { logs } from "@opentelemetry/api";
logs.getLogger("job").emit({ body: "the last line" });
setInterval(() => {}, 1000);
process.kill(process.pid, "SIGTERM");`;
  const job = started(code, variables);
  expect(await job.ends()).toEqual({ code: null, signal: "SIGTERM" });
  expect(received()).toContain('"stringValue":"the last line"');
});
