import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Child } from "../e2e/harness/child.ts";
import {
  counters,
  forecasterGauges,
  forecastGauges,
  withPredictions,
} from "../e2e/harness/contract-names.ts";
import { type ShownSample, scrape, shownValue } from "../e2e/harness/exposition.ts";
import { freePort } from "../e2e/harness/free-ports.ts";
import { BACKSTOP_MILLIS } from "../harness/patience.ts";

const names = [
  ...forecastGauges.flatMap(withPredictions),
  ...forecasterGauges,
  ...counters,
  "forecast_time_to_threshold_seconds",
  "forecast_skipped_total",
  "forecast_series_dropped_total",
];

describe("the self-healing example", () => {
  let folder: string;
  let url: string;
  let child: Child;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "otel-forecast-test-"));
    const port = await freePort();
    url = `http://localhost:${port}/metrics`;
    child = new Child("self-healing", process.execPath, ["examples/self-healing/start.mjs"], {
      env: {
        TMPDIR: folder,
        OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
        OTEL_FORECAST_HORIZONS: "3s,1m",
      },
    });
  });
  afterAll(async () => {
    await child.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it("says where its metrics are, and shows every one of them", async () => {
    await child.says(url);
    const samples = await child.waitFor<ShownSample[]>("every metric", async () => {
      const scraped = await scrape(url);
      const shown = new Set(scraped.map(({ name }) => name));
      const missing = names.filter((name) => !shown.has(name));
      if (missing.length > 0) throw new Error(`missing: ${missing.join(", ")}`);
      return scraped;
    });
    // The default course begins with a crash, which a machine that is slow may see as another failure.
    expect(shownValue(samples, "ai_cloud_failures_total", { agent: "self-healing" })).toBeGreaterThan(0);
    const failedProbes = samples.filter(
      ({ name, labels }) =>
        name === "ai_cloud_task_duration_seconds_count" &&
        labels.task_type === "probe_health" &&
        (labels.error_type ?? "") !== "",
    );
    expect(failedProbes.length).toBeGreaterThan(0);
    const recovery = shownValue(samples, "ai_cloud_failure_recovery_time_seconds", { agent: "self-healing" });
    expect(recovery).toBeGreaterThan(0);
    expect(recovery).toBeLessThan(BACKSTOP_MILLIS / 1000);
    const memory = shownValue(samples, "ai_cloud_memory_usage_percent", { agent: "leaky-service" });
    expect(memory).toBeGreaterThan(10);
    expect(memory).toBeLessThanOrEqual(100);
    expect(child.stdout).toMatch(/log-keeper: \d+ done/);
    expect(child.stdout).toMatch(/^\d+:\d\d (restarted|replaced) leaky-service /m);
  });

  it("ends the service, removes its files and exits with 0", async () => {
    expect(await readdir(folder)).toHaveLength(1);
    child.kill("SIGINT");
    expect(await child.ends()).toEqual({ code: 0, signal: null });
    expect(child.stdout).toMatch(/^leaky-service had \d+ outages? and was replaced in time \d+ times?\.$/m);
    expect(child.stdout).toContain("Stopped");
    expect(child.stderr).toBe("");
    expect(await readdir(folder)).toEqual([]);
  });
});
