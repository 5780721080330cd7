import { describe, expect, it } from "vitest";
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

describe.concurrent("an agent of a framework, without a line of code", () => {
  it.for(files)("%s shows the series of its README", async (file, context) => {
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
        },
      },
    );
    context.onTestFinished(() => child.stop());
    await child.says("The agent says: Rain.");
    const shown = parseExposition(shownOutput(file.slice(0, file.indexOf("/"))).join("\n"));
    expect(shown.length).toBeGreaterThan(6);
    const samples = await child.waitFor("all series of the README", async () => {
      const scraped = await scrape(`http://localhost:${port}/metrics`);
      const missing = shown.filter(({ name, labels }) => shownValue(scraped, name, labels) === undefined);
      if (missing.length > 0) throw new Error(`missing: ${missing.map(({ name }) => name).join(", ")}`);
      return scraped;
    });
    const agent = { agent: "forecaster" };
    expect(shownValue(samples, "ai_cloud_task_success_rate", agent)).toBe(1);
    expect(shownValue(samples, "ai_cloud_failed_tasks_total", agent)).toBe(0);
    // Every third request of the tool fails, and every run makes one that succeeds.
    expect(shownValue(samples, "ai_cloud_success_rate", agent)).toBeGreaterThan(0.5);
    expect(shownValue(samples, "ai_cloud_success_rate", agent)).toBeLessThan(0.8);
  });
});
