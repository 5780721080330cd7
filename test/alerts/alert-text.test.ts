import fc from "fast-check";
import { expect, it } from "vitest";
import type { Alert } from "../../src/alerts/alert.ts";
import { textFor } from "../../src/alerts/alert-text.ts";
import { defaultTexts } from "../../src/alerts/default-texts.ts";
import { firing } from "./alerts.ts";

function textsOf(over: Partial<Alert>, base: Alert = firing): readonly string[] {
  const alert: Alert = { ...base, labels: { agent: "worker-1" }, ...over };
  const { summary, description } = defaultTexts(alert);
  return [textFor(summary, alert), textFor(description, alert)];
}

const share = {
  metricName: "ai_cloud_success_rate",
  unit: "",
  threshold: { value: 0.95, direction: "below" },
} as const;

it("describes where a metric is heading, by when, and what to do", () => {
  expect(textsOf({})).toEqual([
    "ai_cloud_memory_usage_percent of worker-1 is heading above 90%",
    "ai_cloud_memory_usage_percent of worker-1 is 60% and forecast to be 95% (91% to 99%) within 5 minutes; " +
      "above its limit of 90% in about 4.5 minutes: look for a leak and restart it or raise its memory limit.",
  ]);
});

it("describes a metric that is past its limit, and what to do", () => {
  expect(textsOf({ on: "level", ...share, current: 0.9 })).toEqual([
    "ai_cloud_success_rate of worker-1 is below 95%",
    "ai_cloud_success_rate of worker-1 is 90%, below its limit of 95%: look at the task types that fail most and stop or fix them.",
  ]);
});

it("shows as many digits as it takes to see that a limit is passed", () => {
  expect(
    textsOf({ on: "level", ...share, threshold: { value: 0.99, direction: "below" }, current: 0.9896 })[1],
  ).toMatch(/^ai_cloud_success_rate of worker-1 is 98\.96%, below its limit of 99%: /);
});

it("never writes a level that is past its threshold like the threshold", () => {
  const metric = fc.constantFrom(
    { metricName: "ai_cloud_success_rate", unit: "" },
    { metricName: "ai_cloud_memory_usage_percent", unit: "%" },
    { metricName: "queue_depth", unit: "{message}" },
    { metricName: "job_duration_seconds", unit: "s" },
    { metricName: "heap_bytes", unit: "By" },
  );
  const direction = fc.constantFrom("above" as const, "below" as const);
  const limit = fc.oneof(
    fc.constantFrom(0, 0.99, 1, 90, 3600),
    fc.double({ min: -1e6, max: 1e9, noNaN: true }),
  );
  const nearness = fc.integer({ min: 0, max: 16 }).map((digits) => 10 ** -digits);
  fc.assert(
    fc.property(metric, direction, limit, nearness, (of, side, value, near) => {
      const beyond = (side === "above" ? near : -near) * Math.max(1, Math.abs(value));
      const current = value + beyond;
      fc.pre(current !== value);
      const alert: Alert = { ...firing, ...of, threshold: { value, direction: side }, current };
      expect(textFor("{{current}}", alert)).not.toBe(textFor("{{threshold}}", alert));
      const heading: Alert = {
        ...alert,
        current: value,
        predictedValue: current,
        lower: value,
        upper: current,
      };
      expect(textFor("{{predicted}}", heading)).not.toBe(textFor("{{threshold}}", heading));
    }),
    { numRuns: 1000 },
  );
});

it("says of a forecast alert that its limit was passed meanwhile", () => {
  const passed = { cause: "forecast", passedAt: firing.at, passedSeconds: 240, recovery: 85 } as const;
  expect(textsOf({ ...passed, current: 95, predictedValue: 97 })).toEqual([
    "ai_cloud_memory_usage_percent of worker-1 is above 90%",
    "Passed: ai_cloud_memory_usage_percent of worker-1 is 95%, above its limit of 90%, and forecast to be 97% " +
      "(91% to 99%) within 5 minutes: look for a leak and restart it or raise its memory limit.",
  ]);
  expect(textsOf({ ...passed, current: 88, predictedValue: 89 })).toEqual([
    "ai_cloud_memory_usage_percent of worker-1 was above 90%",
    "ai_cloud_memory_usage_percent of worker-1 is 88% and forecast to be 89% (91% to 99%) within 5 minutes; " +
      "it was above its limit of 90% for 4 minutes, and the alert ends at 85% or less: " +
      "look for a leak and restart it or raise its memory limit.",
  ]);
});

it("says of an alert that its forecast does not support any more whether it is near its limit", () => {
  const { predictedValue: _, ...quiet } = { ...firing, recovery: 85 };
  expect(textsOf({ current: 87 }, quiet)).toEqual([
    "ai_cloud_memory_usage_percent of worker-1 is near 90%",
    "ai_cloud_memory_usage_percent of worker-1 is 87%, near its limit of 90%; the alert ends at 85% or less: " +
      "look for a leak and restart it or raise its memory limit.",
  ]);
  expect(textsOf({ current: 87, predictedValue: 88, lower: 86, upper: 89 }, quiet)).toEqual([
    "ai_cloud_memory_usage_percent of worker-1 is near 90%",
    "ai_cloud_memory_usage_percent of worker-1 is 87% and forecast to be 88% (86% to 89%) within 5 minutes, " +
      "near its limit of 90%; the alert ends at 85% or less: look for a leak and restart it or raise its memory limit.",
  ]);
  expect(textsOf({ current: 60 }, quiet)).toEqual([
    "ai_cloud_memory_usage_percent of worker-1 was heading above 90%",
    "ai_cloud_memory_usage_percent of worker-1 is 60%; it was heading above its limit of 90%: " +
      "look for a leak and restart it or raise its memory limit.",
  ]);
});

it("says of a resolved alert whether the limit was reached", () => {
  expect(textsOf({ state: "resolved", current: 20, predictedValue: 30, lower: 25, upper: 35 })).toEqual([
    "ai_cloud_memory_usage_percent of worker-1 did not go above 90%",
    "The limit was not reached: ai_cloud_memory_usage_percent of worker-1 is 20%, and was heading above its limit " +
      "of 90%; it is forecast to be 30% (25% to 35%) within 5 minutes.",
  ]);
  const past = { state: "resolved", passedAt: firing.at, passedSeconds: 240 } as const;
  expect(textsOf({ ...past, on: "level", ...share, current: 1 })).toEqual([
    "ai_cloud_success_rate of worker-1 is back above 95%",
    "Back above its limit: ai_cloud_success_rate of worker-1 is 100%, and was below its limit of 95% for 4 minutes.",
  ]);
});

it("names what silenced an alert", () => {
  expect(textsOf({ state: "resolved", reason: "series_gone", current: 95 })).toEqual([
    "ai_cloud_memory_usage_percent of worker-1 is no longer measured",
    "ai_cloud_memory_usage_percent of worker-1 is no longer measured, and was last 95%; its limit is 90%.",
  ]);
  expect(textsOf({ state: "resolved", reason: "maintenance", current: 95 })).toEqual([
    "ai_cloud_memory_usage_percent of worker-1 is in maintenance",
    "ai_cloud_memory_usage_percent of worker-1 is in maintenance, and was last 95%; its limit is 90%.",
  ]);
});

it("says of a silenced alert how long its limit was passed", () => {
  const past = { state: "resolved", passedAt: firing.at, passedSeconds: 240, current: 95 } as const;
  expect(textsOf({ ...past, reason: "series_gone" })[1]).toBe(
    "ai_cloud_memory_usage_percent of worker-1 is no longer measured, and was last 95%; " +
      "it was above its limit of 90% for 4 minutes.",
  );
});

it.each([
  [{ agent: "worker-1" }, "worker-1", "of worker-1"],
  [{}, undefined, "of the system"],
  [{ agent: "worker-1", model: "m", "host.name": "" }, "worker-1", "of worker-1 (model m)"],
  [{ shop: "a", queue: "mail" }, undefined, "(queue mail, shop a)"],
])("names the labels %j in words", (labels, agentName, words) => {
  const subject = textFor("{{subject}}", { ...firing, labels, agentName } as Alert);
  expect(subject).toBe(`ai_cloud_memory_usage_percent ${words}`);
});

it("says that a budget over everything is one of all agents", () => {
  const { agentName: _, ...over } = { ...firing, metricName: "ai_cloud_cost_today", labels: {}, unit: "" };
  expect(textFor("{{subject}}", over)).toBe("ai_cloud_cost_today of all agents");
  expect(textFor("{{agent}}", over)).toBe("all agents");
});

it.each([
  ["{message}", 520, "520 messages"],
  ["{query}", 2, "2 queries"],
  ["{process}", 1, "1 process"],
  ["ms", 258, "258 ms"],
  ["{request}/s", 12, "12 request/s"],
  ["1", 3, "3"],
  ["{}", 3, "3"],
  ["By", 2 ** 30, "1 GiB"],
])("gives values in %s with their unit", (unit, current, text) => {
  expect(textFor("{{current}}", { ...firing, metricName: "queue_depth", unit, current })).toBe(text);
});

it("gives only the numbers of an inactive alert", () => {
  expect(textsOf({ state: "inactive" })).toEqual([
    "ai_cloud_memory_usage_percent of worker-1 has a limit of 90%",
    "ai_cloud_memory_usage_percent of worker-1 is 60%; its limit is 90%.",
  ]);
});

it("offers the advice to custom templates", () => {
  expect(textFor("{{agent}}: {{advice}}", firing)).toBe(
    "worker-1: look for a leak and restart it or raise its memory limit",
  );
});

it.each([
  ["when the metric crosses its limit", {}, "in about 4.5 minutes"],
  ["that it has crossed it", { timeToThresholdSeconds: 0 }, "now"],
  ["that it will not", { timeToThresholdSeconds: undefined, predictedValue: 70 }, "not within 5 minutes"],
  ["that a total crosses it on a later day", { timeToThresholdSeconds: undefined }, "after midnight"],
  [
    "that there is no forecast",
    { timeToThresholdSeconds: undefined, predictedValue: undefined },
    "at an unknown time",
  ],
])("says %s", (_, over, when) => {
  expect(textFor("{{when}}", { ...firing, ...over } as Alert)).toBe(when);
});
