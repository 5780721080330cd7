import { describe, expect, it, type TestContext } from "vitest";
import { Child } from "../e2e/harness/child.ts";
import { parseExposition, scrape, shownValue } from "../e2e/harness/exposition.ts";
import { freePort } from "../e2e/harness/free-ports.ts";
import { shownOutput } from "./shown-output.ts";

const files = [
  "ai-sdk-agent/agent.mjs",
  "openai-agents-agent/agent.mjs",
  "langgraph-agent/agent.mjs",
  "langgraph-agent/agent.cjs",
];

type Samples = Awaited<ReturnType<typeof scrape>>;

/** Runs an example until it has said something and every series that its README shows is there. */
async function seriesOf(
  file: string,
  says: string,
  context: TestContext,
  { block = 0, env = {} }: { block?: number; env?: Record<string, string> } = {},
): Promise<Samples> {
  const port = await freePort();
  const child = new Child(
    file,
    process.execPath,
    ["--import", "otel-forecast/register", `examples/${file}`],
    {
      env: {
        OTEL_SERVICE_NAME: "weather",
        OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
        OTEL_FORECAST_COLLECTION_INTERVAL: "300",
        ...env,
      },
    },
  );
  context.onTestFinished(() => child.stop());
  await child.says(says);
  // In the last hour of a day the budget is not passed any more.
  const shown = parseExposition(shownOutput(file.slice(0, file.indexOf("/")), block).join("\n")).filter(
    ({ name }) => name !== "forecast_time_to_threshold_seconds",
  );
  expect(shown.length).toBeGreaterThan(5);
  return child.waitFor("all series of the README", async () => {
    const scraped = await scrape(`http://localhost:${port}/metrics`);
    const missing = shown.filter(({ name, labels }) => shownValue(scraped, name, labels) === undefined);
    if (missing.length > 0) throw new Error(`missing: ${missing.map(({ name }) => name).join(", ")}`);
    return scraped;
  });
}

describe.concurrent("an agent of a framework, without a line of code", () => {
  it.for(files)("%s shows the series of its README", async (file, context) => {
    const samples = await seriesOf(file, "The agent says: Rain.", context);
    const agent = { agent: "forecaster" };
    expect(shownValue(samples, "ai_cloud_task_success_rate", agent)).toBe(1);
    expect(shownValue(samples, "ai_cloud_failed_tasks_total", agent)).toBe(0);
    // Every third request of the tool fails, and every run makes one that succeeds.
    expect(shownValue(samples, "ai_cloud_success_rate", agent)).toBeGreaterThan(0.8);
    expect(shownValue(samples, "ai_cloud_success_rate", agent)).toBeLessThan(0.95);
  });

  it("ai-sdk-agent/agent.mjs shows the series of its budget", async (context) => {
    const env = { OTEL_FORECAST_CONFIG_FILE: "examples/ai-sdk-agent/budget.yaml" };
    const file = "ai-sdk-agent/agent.mjs";
    const samples = await seriesOf(file, "The agent says: Rain.", context, { block: 1, env });
    const spent = shownValue(samples, "ai_cloud_cost_today", { agent: "forecaster" });
    const dayEnd = shownValue(samples, "forecast_day_end", { agent: "forecaster" });
    expect(dayEnd).toBeGreaterThanOrEqual(spent as number);
  });

  it("mcp-server/server.mjs shows the series of its README", async (context) => {
    const samples = await seriesOf("mcp-server/server.mjs", "The station says: rain.", context);
    for (const agent of ["station", "passer-by"]) {
      // Every third request fails, and is a task of its own.
      expect(shownValue(samples, "ai_cloud_task_success_rate", { agent })).toBeGreaterThan(0.5);
      expect(shownValue(samples, "ai_cloud_task_success_rate", { agent })).toBeLessThan(0.8);
    }
  });
});
