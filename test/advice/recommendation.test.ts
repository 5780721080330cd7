import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adviceAgainst, familyOf } from "../../src/advice/metric-advice.ts";
import { type RecommendationFacts, recommend } from "../../src/advice/recommendation.ts";
import type { Threshold } from "../../src/core/threshold.ts";

type Usual = "horizonSeconds" | "errorVersusNaive" | "at" | "lower" | "upper";
type Facts = Omit<RecommendationFacts, Usual> & Partial<RecommendationFacts>;

/** The sentence of a forecast over an hour. Its interval has no width, unless it is given. */
function sentenceOf(facts: Facts): string {
  return recommend({
    horizonSeconds: 3600,
    at: Date.UTC(2026, 10, 23, 11, 40),
    errorVersusNaive: 0.5,
    lower: facts.predicted,
    upper: facts.predicted,
    ...facts,
  });
}

describe("recommend", () => {
  it.each<[string, Facts, string]>([
    [
      "a falling success rate",
      {
        metricName: "ai_cloud_success_rate",
        agentName: "healer",
        current: 0.92,
        predicted: 0.78,
        trend: "decreasing",
      },
      "The success rate of healer falls from 92% to 78% within 1 hour: look at the task types that fail most and stop or fix them.",
    ],
    [
      "a success rate that will drop below its threshold",
      {
        metricName: "ai_cloud_task_success_rate",
        agentName: "healer",
        current: 0.92,
        predicted: 0.78,
        trend: "decreasing",
        threshold: { value: 0.8, direction: "below" },
        timeToThresholdSeconds: 3000,
      },
      "The task success rate of healer falls from 92% to 78% within 1 hour and drops below its limit of 80% in about 50 minutes: " +
        "look at the task types that fail most and stop or fix them before then.",
    ],
    [
      "a daily cost past its limit on a day that ends soon",
      {
        metricName: "ai_cloud_cost_today",
        agentName: "planner",
        current: 706,
        predicted: 346,
        trend: "decreasing",
        threshold: { value: 700, direction: "above" },
        timeToThresholdSeconds: 0,
        startsFromZero: true,
      },
      "The daily cost of planner starts from 0 at midnight and comes to 346 within 1 hour and is already above its limit of 700: " +
        "look for a loop, take work off or raise its budget now.",
    ],
    [
      "rising latency",
      {
        metricName: "ai_cloud_latency_p95_seconds",
        agentName: "planner",
        current: 0.35,
        predicted: 1.2,
        trend: "increasing",
      },
      "The p95 latency of planner rises from 350 ms to 1.2 s within 1 hour: look for a dependency that has become slow or take load off.",
    ],
    [
      "memory rising towards its limit",
      {
        metricName: "ai_cloud_memory_usage_percent",
        agentName: "planner",
        unit: "%",
        current: 61.27,
        predicted: 88.41,
        trend: "increasing",
        threshold: { value: 80, direction: "above" },
        timeToThresholdSeconds: 2100,
      },
      "The memory use of planner rises from 61.3% to 88.4% within 1 hour and goes above its limit of 80% in about 35 minutes: " +
        "look for a leak and restart it or raise its memory limit before then.",
    ],
    [
      "memory that is past its limit",
      {
        metricName: "system_memory_usage_percent",
        current: 93,
        predicted: 93.1,
        trend: "stable",
        threshold: { value: 90, direction: "above" },
        timeToThresholdSeconds: 0,
      },
      "The memory use of the system stays near 93% over the next hour and is already above its limit of 90%: " +
        "look for a leak and restart it or raise its memory limit now.",
    ],
    [
      "memory that comes back from beyond its limit",
      {
        metricName: "system_memory_usage_percent",
        current: 93,
        predicted: 70,
        trend: "decreasing",
        threshold: { value: 90, direction: "above" },
        timeToThresholdSeconds: 0,
      },
      "The memory use of the system falls from 93% to 70% within 1 hour and is already above its limit of 90%: " +
        "it is on its way back, so watch that it goes on.",
    ],
    [
      "rising recovery time",
      {
        metricName: "ai_cloud_failure_recovery_time_seconds",
        agentName: "healer",
        current: 12,
        predicted: 45,
        trend: "increasing",
      },
      "The recovery time of healer rises from 12 s to 45 s within 1 hour: " +
        "look at the recovery actions that take longest or have to be repeated.",
    ],
    [
      "tasks piling up",
      {
        metricName: "ai_cloud_active_tasks",
        agentName: "worker",
        current: 4,
        predicted: 31,
        trend: "increasing",
      },
      "The number of active tasks of worker rises from 4 to 31 within 1 hour: work is piling up, so add workers or slow down what comes in.",
    ],
    [
      "a stable rate",
      {
        metricName: "ai_cloud_success_rate",
        agentName: "healer",
        current: 0.95,
        predicted: 0.951,
        trend: "stable",
      },
      "The success rate of healer stays near 95% over the next hour: nothing to do.",
    ],
    [
      "something that gets better",
      {
        metricName: "ai_cloud_failure_rate",
        agentName: "healer",
        current: 0.2,
        predicted: 0.05,
        trend: "decreasing",
      },
      "The failure rate of healer falls from 20% to 5% within 1 hour: no action is needed.",
    ],
    [
      "a metric that nobody knows",
      { metricName: "my_app_karma", current: 5, predicted: 9, trend: "increasing" },
      "my_app_karma rises from 5 to 9 within 1 hour: check that this is expected.",
    ],
  ])("speaks of %s", (_, facts, sentence) => {
    expect(sentenceOf(facts)).toBe(sentence);
  });

  it("mentions that the forecast is no better than naive, unless there is nothing to do", () => {
    const facts: Facts = {
      metricName: "system_cpu_usage_percent",
      current: 20,
      predicted: 40,
      trend: "increasing",
      horizonSeconds: 300,
      errorVersusNaive: 1,
    };
    expect(sentenceOf(facts)).toBe(
      "The CPU use of the system rises from 20% to 40% within 5 minutes: add capacity or spread the work, " +
        "though this forecast has been no better than assuming no change.",
    );
    expect(sentenceOf({ ...facts, errorVersusNaive: 0.99 })).not.toContain("no better");
    expect(sentenceOf({ ...facts, trend: "stable" })).not.toContain("no better");
  });

  it("shows enough digits to see a change", () => {
    const facts = { metricName: "system_disk_usage_percent", trend: "increasing" } as const;
    expect(sentenceOf({ ...facts, current: 61.12, predicted: 61.34 })).toContain("from 61.1% to 61.3%");
    expect(sentenceOf({ ...facts, current: 61.12, predicted: 61.13 })).toContain("from 61.12% to 61.13%");
  });

  it.each([
    [0.597, 0.53, 0.66, "to 600 ms within"],
    [3.27, -500, 500, "to 3 s within"],
    [0.597, 0.59, 0.604, "to 597 ms within"],
    [59.7, 53, 66, "to 1 min within"],
    [597, 530, 660, "to 10 min within"],
  ])(
    "shows of %d s between %d and %d s the digits that the interval supports",
    (predicted, lower, upper, text) => {
      const facts = { metricName: "x_seconds", trend: "increasing", current: 0.049 } as const;
      expect(sentenceOf({ ...facts, predicted, lower, upper })).toContain(text);
    },
  );

  it.each([
    [0.9896, "near 98.96% "],
    [0.9899999, "near 98.99999% "],
    [0.9899999999999999, "stays just below 99% "],
  ])("does not show %d as its limit of 99%", (current, text) => {
    const facts = { metricName: "ai_cloud_task_success_rate", trend: "stable", predicted: 0.99 } as const;
    const threshold = { value: 0.99, direction: "below" } as const;
    const sentence = sentenceOf({ ...facts, current, threshold, timeToThresholdSeconds: 0 });
    expect(sentence).toContain(text);
    expect(sentence).toContain("is already below its limit of 99%:");
  });

  it("shows a limit as it was written", () => {
    const facts = { metricName: "ai_cloud_success_rate", trend: "stable", predicted: 0.99 } as const;
    const threshold = { value: 0.9995, direction: "below" } as const;
    expect(sentenceOf({ ...facts, current: 0.97, threshold, timeToThresholdSeconds: 0 })).toContain(
      "near 97% over the next hour and is already below its limit of 99.95%:",
    );
  });

  it("names the unit of a metric that has no name in words", () => {
    const facts = { metricName: "mail_queue_depth", unit: "{message}", trend: "decreasing" } as const;
    expect(sentenceOf({ ...facts, current: 520, predicted: 1 })).toMatch(
      /^mail_queue_depth falls from 520 messages to 1 message within 1 hour: /,
    );
  });

  it("takes the bad direction from the threshold", () => {
    const falling: Facts = {
      metricName: "ai_cloud_active_tasks",
      current: 9,
      predicted: 1,
      trend: "decreasing",
      threshold: { value: 0.5, direction: "below" },
      timeToThresholdSeconds: 60,
    };
    expect(sentenceOf(falling)).toContain("drops below its limit of 0.5 in about 1 minute");
  });

  it.each<[string, Threshold["direction"], string]>([
    ["ai_cloud_active_tasks", "below", "check that this is expected"],
    ["ai_cloud_success_rate", "above", "check that this is expected"],
    ["system_request_rate", "below", "check that clients still get through"],
    ["ai_cloud_cost_today", "above", "look for a loop, take work off or raise its budget"],
  ])("does not praise what a limit is set against: %s %s", (metricName, direction, advice) => {
    expect(adviceAgainst(metricName, direction)).toBe(advice);
    const isAbove = direction === "above";
    const heading: Facts = {
      metricName,
      current: 0.5,
      predicted: isAbove ? 0.9 : 0.1,
      trend: isAbove ? "increasing" : "decreasing",
      threshold: { value: isAbove ? 0.8 : 0.2, direction },
      timeToThresholdSeconds: 60,
    };
    expect(sentenceOf(heading)).toContain(`: ${advice} before then.`);
  });

  it("does not advise against a rising total of the day without a threshold ahead", () => {
    const rising: Facts = {
      metricName: "ai_cloud_tokens_today",
      agentName: "writer",
      current: 20_766_500,
      predicted: 36_929_886,
      trend: "increasing",
    };
    const expected =
      "The daily use of tokens of writer rises from 20.8 million to 36.9 million within 1 hour: nothing to do, as it rises every day.";
    expect(sentenceOf(rising)).toBe(expected);
    expect(sentenceOf({ ...rising, threshold: { value: 1e9, direction: "above" } })).toBe(expected);
    expect(
      sentenceOf({
        ...rising,
        threshold: { value: 5e7, direction: "above" },
        timeToThresholdSeconds: 7200,
      }),
    ).toMatch(
      /its limit of 50 million .*: look for a loop, take work off or raise its budget before then\.$/,
    );
  });

  it("is one complete sentence for any numbers", () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    const metric = fc.constantFrom(
      "ai_cloud_success_rate",
      "x_bytes",
      "x_seconds",
      "system_throughput",
      "odd",
    );
    fc.assert(
      fc.property(
        metric,
        number,
        number,
        fc.constantFrom("increasing", "decreasing", "stable"),
        fc.option(fc.double({ min: 0, max: 1e7, noNaN: true }), { nil: undefined }),
        (metricName, current, predicted, trend, timeToThresholdSeconds) => {
          const threshold = { value: 1, direction: "above" } as const;
          const text = sentenceOf({
            metricName,
            current,
            predicted,
            trend,
            threshold,
            timeToThresholdSeconds,
          });
          expect(text).toMatch(/^(The )?\S.*: \S.*\w\.$/);
          expect(text).not.toMatch(/undefined|NaN|null|\$1| {2}/);
        },
      ),
    );
  });
});

describe("familyOf", () => {
  it.each([
    ["ai_cloud_failed_tasks_per_second", "rate of failed tasks"],
    ["ai_cloud_completed_tasks_per_second", "rate of completed tasks"],
    ["ai_cloud_tokens_per_second", "token rate"],
    ["ai_cloud_cost_per_second", "cost rate"],
    ["system_request_rate", "request rate"],
    ["system_error_rate", "error rate"],
    ["system_network_io_bytes_per_second", "network traffic"],
    ["ai_cloud_open_failures", "number of open failures"],
    ["nodejs_heap_used_bytes", "memory use"],
    ["ai_cloud_heap_usage_percent", "heap use"],
    ["ai_cloud_event_loop_delay_p99_seconds", "event loop delay"],
  ])("calls %s the %s", (name, noun) => {
    expect(familyOf(name).noun).toBe(noun);
  });
});
