import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it, type TestContext } from "vitest";
import { parse } from "yaml";
import { Child, packageRoot } from "../e2e/harness/child.ts";
import { parseExposition, scrape, shownValue } from "../e2e/harness/exposition.ts";
import { freePort, freePorts } from "../e2e/harness/free-ports.ts";
import { type OtlpSink, startOtlpSink } from "../e2e/harness/otlp-sink.ts";
import { linesOf, shownOutput } from "./shown-output.ts";

/** A child that ends with the test. */
function start(context: TestContext, args: readonly string[], env: Record<string, string>): Child {
  const child = new Child(args.join(" "), process.execPath, args, { env });
  context.onTestFinished(() => child.stop());
  return child;
}

/** A receiver that outlives the child: a last push finds it. */
async function startSink(context: TestContext): Promise<OtlpSink> {
  const sink = await startOtlpSink();
  context.onTestFinished(() => sink.stop());
  return sink;
}

describe.concurrent("an app without a line of code", () => {
  const files = ["zero-code-esm/agent.mjs", "zero-code-cjs/agent.cjs"];

  it.for(files)("%s shows the series of its README", async (file, context) => {
    const [port, metricsPort] = (await freePorts(2)) as [number, number];
    const child = start(context, ["--import", "otel-forecast/register", `examples/${file}`], {
      PORT: String(port),
      OTEL_SERVICE_NAME: "mail-sorter",
      OTEL_EXPORTER_PROMETHEUS_PORT: String(metricsPort),
      OTEL_FORECAST_COLLECTION_INTERVAL: "200",
    });
    await child.says(`http://localhost:${port}/`);
    const answer = await fetch(`http://127.0.0.1:${port}/`);
    expect(await answer.text()).toMatch(/^\d+ letters sorted\n$/);
    const shown = parseExposition(shownOutput(file.slice(0, file.indexOf("/"))).join("\n"));
    expect(shown.length).toBeGreaterThan(4);
    const samples = await child.waitFor("all series of the README", async () => {
      const scraped = await scrape(`http://localhost:${metricsPort}/metrics`);
      const missing = shown.filter(({ name, labels }) => shownValue(scraped, name, labels) === undefined);
      if (missing.length > 0) throw new Error(`missing: ${missing.map(({ name }) => name).join(", ")}`);
      return scraped;
    });
    // A letter every 20 ms at the most, of which two in three go to this country.
    const rate = shownValue(samples, "mail_sorted_per_second", { country: "DE" });
    expect(rate).toBeGreaterThan(5);
    expect(rate).toBeLessThan(36);
  });
});

describe.concurrent("the example for the Collector", () => {
  const readme = readFileSync(resolve(packageRoot, "examples/collector-configuration/README.md"), "utf8");
  const configuration = readFileSync(resolve(packageRoot, "otel-collector-config.yaml"), "utf8");

  it("names the ports that the Collector's configuration has", () => {
    expect(parse(configuration)).toHaveProperty("service.pipelines.metrics");
    for (const port of ["9091", "4317", "4318", "8889", "14317", "9464", "4328"]) {
      expect(readme).toContain(port);
      expect(configuration).toContain(`:${port}`);
    }
  });

  it("pushes its tasks and the forecasts of them, also what was counted last", async (context) => {
    const sink = await startSink(context);
    const child = start(context, ["examples/collector-configuration/agent.mjs"], {
      OTEL_METRICS_EXPORTER: "otlp",
      OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_METRIC_EXPORT_INTERVAL: "300",
      OTEL_METRIC_EXPORT_TIMEOUT: "250",
      OTEL_FORECAST_COLLECTION_INTERVAL: "100",
    });
    await child.waitFor(
      "a forecast of the tasks' success",
      () => sink.names().has("ai_cloud_task_success_rate_predicted") || undefined,
    );
    child.kill("SIGTERM");
    expect(await child.ends()).toEqual({ code: 0, signal: null });
    expect(linesOf(child.stdout)).toEqual(shownOutput("collector-configuration"));
    expect(sink.last("ai_cloud.completed_tasks")).toBeGreaterThan(10);
  });

  it("can be scraped at the same time", async (context) => {
    const sink = await startSink(context);
    const port = await freePort();
    const child = start(context, ["examples/collector-configuration/agent.mjs"], {
      OTEL_METRICS_EXPORTER: "otlp,prometheus",
      OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
    });
    await child.says(`http://localhost:${port}/metrics`);
    await child.waitFor("the number of series", async () =>
      shownValue(await scrape(`http://localhost:${port}/metrics`), "forecast_series"),
    );
  });
});
