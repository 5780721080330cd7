import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { packageRoot } from "../e2e/harness/child.ts";

/** A file of the example. It is plain JavaScript, without types. */
async function fileOf(name: string): Promise<Record<string, CallableFunction>> {
  return import(pathToFileURL(resolve(packageRoot, "examples/self-healing", name)).href);
}

const subject = { metricName: "ai_cloud_memory_usage_percent", agentName: "leaky-service" };
const ready = {
  ...subject,
  state: "ready",
  horizonSeconds: 15,
  predictedValue: 91.27,
  lower: 88.4,
  upper: 94.1,
  trend: "increasing",
  slopePerSecond: 2,
  timeToThresholdSeconds: 12,
  recommendation: "The memory use of leaky-service rises.",
};

describe("a forecast in the table", () => {
  let inWords: CallableFunction;
  let percent: CallableFunction;

  beforeAll(async () => {
    ({ inWords } = (await fileOf("outlook.mjs")) as { inWords: CallableFunction });
    ({ percent } = (await fileOf("format.mjs")) as { percent: CallableFunction });
  });

  it.each([
    ["rises", ready, "↗ 91.3% in 15 s"],
    ["rises, within a wide interval", { ...ready, lower: 70, upper: 100 }, "↗ 91% in 15 s"],
    ["falls below its value now", { ...ready, trend: "decreasing", predictedValue: 20 }, "↘ 20% in 15 s"],
    ["stays", { ...ready, trend: "stable", horizonSeconds: 60 }, "stable for 1 min"],
    [
      "changes less than it shows",
      { ...ready, predictedValue: 61.31, slopePerSecond: 0.002 },
      "stable for 15 s",
    ],
    ["is warming up", { ...subject, state: "warming-up", missingPoints: 11 }, "warming up, 3 s"],
    ["failed", { ...subject, state: "failed", reason: "no variance" }, "no forecast: no variance"],
    ["is not there yet", undefined, "warming up"],
  ])("%s", (_, forecast, text) => {
    expect(inWords(forecast, percent)).toBe(text);
  });
});

describe("what the supervisor says", () => {
  const at = Date.UTC(2026, 10, 23);
  const alert = {
    threshold: { value: 85, direction: "above" },
    current: 65.84,
    predictedValue: 89.12,
    lower: 86.2,
    upper: 92.1,
    horizonSeconds: 15,
    timeToThresholdSeconds: 11.6,
    at,
  };
  const replaced = { name: "leaky-service", alert, attempts: 1, isInTime: true, at: at + 1200 };

  it.each([
    [
      "in time",
      {},
      "replaced leaky-service in time, 10 s before its limit of 85% (memory 65.8%, forecast 89.1% in 15 s)",
    ],
    [
      "in several attempts",
      { attempts: 2 },
      /^replaced leaky-service in time, 10 s before its limit of 85%, in 2 attempts \(/,
    ],
    ["after the forecast time of the limit", { at: at + 20_000 }, /in time, at about its limit of 85% \(/],
    [
      "past the limit",
      { alert: { ...alert, current: 85.04 } },
      /in time, above its limit of 85% \(memory 85\.04%,/,
    ],
    ["without a forecast", { alert: { ...alert, predictedValue: undefined } }, /\(memory 65\.8%\)$/],
    [
      "near the limit",
      { alert: { ...alert, predictedValue: 85.01, lower: 85.001, upper: 99 } },
      /forecast 85\.01% in/,
    ],
    ["too late", { isInTime: false }, /^replaced leaky-service too late, it was down before \(/],
  ])("replaced %s", async (_, given, text) => {
    const { replaceText } = (await fileOf("telling.mjs")) as { replaceText: CallableFunction };
    const said = replaceText({ ...replaced, ...given });
    if (typeof text === "string") expect(said).toBe(text);
    else expect(said).toMatch(text);
  });

  it.each([
    ["crashed", 1, "restarted leaky-service because it had crashed, down for 1.2 s"],
    ["unresponsive", 2, "restarted leaky-service in 2 attempts because it did not answer, down for 1.2 s"],
    ["out_of_memory", 1, "restarted leaky-service because it had run out of memory, down for 1.2 s"],
    [
      "crashed",
      0,
      "could not restart leaky-service because it had crashed: no attempt succeeded, it tries again",
    ],
  ])("after an outage: %s, in %d attempts", async (ailment, attempts, text) => {
    const { restartText } = (await fileOf("telling.mjs")) as { restartText: CallableFunction };
    expect(restartText({ name: "leaky-service", ailment, attempts, downSeconds: 1.234 })).toBe(text);
  });

  it("in all", async () => {
    const { summaryText } = (await fileOf("telling.mjs")) as { summaryText: CallableFunction };
    expect(summaryText({ serviceName: "leaky-service", outages: { count: 1 }, replacedInTime: 2 })).toBe(
      "leaky-service had 1 outage and was replaced in time 2 times.",
    );
  });
});

describe("the display", () => {
  const performance = { completedTasks: 144, failedTasks: 2, taskSuccessRate: 0.9863, latencyP95: 0.049 };
  const monitor = {
    agentNames: ["self-healing", "leaky-service"],
    getPerformanceSummary: (name: string) =>
      name === "self-healing" ? performance : { completedTasks: 0, failedTasks: 0 },
    getForecasts: ({ agentName, metricName }: { agentName?: string; metricName?: string }) =>
      agentName === ready.agentName && metricName === ready.metricName ? [ready] : [],
  };

  /** What is written to a terminal of this size, or to a pipe. */
  async function shown(size?: { columns: number; rows: number }): Promise<string[]> {
    const { Display } = (await fileOf("display.mjs")) as unknown as {
      Display: new (given: object) => { log(text: string): void };
    };
    const written: string[] = [];
    const out = { isTTY: size !== undefined, ...size, write: (text: string) => written.push(text) };
    const display = new Display({ monitor, service: { memoryUsage: 61 }, out });
    display.log("restarted it");
    display.log("replaced it");
    return written;
  }

  it("keeps what was done above a table that fits a terminal of 80 columns", async () => {
    const written = await shown({ columns: 80, rows: 24 });
    const lines = written.join("").split("\n").map(stripVTControlCharacters);
    expect(lines[0]).toBe("0:00 restarted it");
    expect(lines.filter((line) => line.includes("↗ 91.3% in 15 s"))).toHaveLength(2);
    expect(lines).toContain("0:00 replaced it");
    expect(lines.at(-2)).toBe(ready.recommendation);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    // The table is overwritten as a whole: the cursor goes up by the lines that were shown.
    const height = (written[1] as string).split("\n").length - 1;
    expect(written).toContain(`\u001b[${height}A`);
  });

  it("shows lines on a terminal that is too narrow, and no more than it has room for", async () => {
    const [, table = ""] = await shown({ columns: 40, rows: 6 });
    expect(table).toMatch(/^self-healing: 144 done, 2 failed, task success rate 98\.6% \(warming up\), /);
    expect(table).not.toContain("┌");
    expect(table).toContain("↗ 91.3% in 15 s");
    expect(table).not.toContain(ready.recommendation);
  });

  it("writes only what was done to a pipe, between the lines at intervals", async () => {
    expect(await shown()).toEqual(["0:00 restarted it\n", "0:00 replaced it\n"]);
  });
});
