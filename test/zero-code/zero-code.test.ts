import { expect, it } from "vitest";
import { Child } from "../e2e/harness/child.ts";
import { startOtlpSink } from "../e2e/harness/otlp-sink.ts";

const register = ["--import", "./instrumentation/register.ts"];

/** What a job prints that is started with the source of the plugin, and has ended. */
async function printedBy(code: string, env: Readonly<Record<string, string>>): Promise<string> {
  const args = [...register, "--input-type=module", "--eval", code];
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
    /traceId[^]+invoke_agent clerk/,
  );
});
