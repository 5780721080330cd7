import { expect, it } from "vitest";
import type { Alert } from "../../src/alerts/alert.ts";
import { defaultTexts, textFor } from "../../src/alerts/alert-text.ts";
import { firing } from "./alerts.ts";

function textsOf(over: Partial<Alert>): readonly string[] {
  const alert = { ...firing, ...over };
  const { summary, description } = defaultTexts(alert);
  return [textFor(summary, alert), textFor(description, alert)];
}

const share = {
  metricName: "ai_cloud_success_rate",
  unit: "",
  threshold: { value: 0.95, direction: "below" },
} as const;

it("tells where a metric is heading, by when, and what to do", () => {
  expect(textsOf({})).toEqual([
    "ai_cloud_memory_usage_percent of worker-1 is heading above 90%",
    "ai_cloud_memory_usage_percent of worker-1 is 60% and forecast to be 95% (91% to 99%) within 5 minutes; " +
      "above its limit of 90% in about 4.5 minutes: look for a leak and restart it or raise its memory limit.",
  ]);
});

it("tells the level of a metric for an alert on the level, and what to do", () => {
  expect(textsOf({ on: "level", ...share, current: 0.9 })).toEqual([
    "ai_cloud_success_rate of worker-1 is below 95%",
    "ai_cloud_success_rate of worker-1 is 90%, below its limit of 95%: look at the task types that fail most and stop or fix them.",
  ]);
});

it("does not claim that the metric is past its limit after the alert has ended", () => {
  expect(textsOf({ on: "level", ...share, current: 1, state: "resolved" })).toEqual([
    "ai_cloud_success_rate of worker-1 was below 95%",
    "Over: ai_cloud_success_rate of worker-1 is 100%, and was below its limit of 95%.",
  ]);
  expect(textsOf({ state: "resolved", current: 20 })).toEqual([
    "ai_cloud_memory_usage_percent of worker-1 was heading above 90%",
    "Over: ai_cloud_memory_usage_percent of worker-1 is 20%, and was heading above its limit of 90%.",
  ]);
});

it("tells what silenced the alert", () => {
  expect(textsOf({ state: "resolved", reason: "series_gone", current: 95 })).toEqual([
    "ai_cloud_memory_usage_percent of worker-1 is no longer measured",
    "ai_cloud_memory_usage_percent of worker-1 is no longer measured, and was last 95%; its limit is 90%.",
  ]);
  expect(textsOf({ state: "resolved", reason: "maintenance", current: 95 })).toEqual([
    "ai_cloud_memory_usage_percent of worker-1 is in maintenance",
    "ai_cloud_memory_usage_percent of worker-1 is in maintenance, and was last 95%; its limit is 90%.",
  ]);
});

it("gives only the numbers of an inactive alert", () => {
  expect(textsOf({ state: "inactive" })).toEqual([
    "ai_cloud_memory_usage_percent of worker-1 has a limit of 90%",
    "ai_cloud_memory_usage_percent of worker-1 is 60%; its limit is 90%.",
  ]);
});

it("fills the advice into the application's own templates", () => {
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
