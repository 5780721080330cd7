import { expect, it } from "vitest";
import {
  headingOf,
  ownerOf,
  shownLimit,
  shownValue,
  subjectOf,
} from "../../../src/artifacts/rules/wording.ts";

it.each([
  ["a number from 0 to 1 without a unit", "", { lower: 0, upper: 1 }, "50%"],
  ["a number from 0 to 1 of unit 1", "1", { lower: 0, upper: 1 }, "50%"],
  ["a number from 0 to 100", "", { lower: 0, upper: 100 }, "0.5"],
  ["a number up to 1", "", { upper: 1 }, "0.5"],
  ["a number from 0 on", "", { lower: 0 }, "0.5"],
  ["seconds from 0 to 1", "s", { lower: 0, upper: 1 }, "500 ms"],
])("the limit 0.5 of %s", (_, unit, bounds, text) => {
  expect(shownLimit({ metric: "load", unit, bounds }, 0.5)).toBe(text);
});

it("a limit has at most six digits", () => {
  const shown = [0.123456789, 1234.56789].map((it) =>
    shownLimit({ metric: "load", unit: "", bounds: {} }, it),
  );
  expect(shown).toEqual(["0.123457", "1234.57"]);
});

it.each([
  ["queue.size", "", "{{ $value | humanize }}"],
  ["queue.size", "1", "{{ $value | humanize }}"],
  ["queue.size", "{message}", "{{ $value | humanize }} messages"],
  ["queue.size", "{query}", "{{ $value | humanize }} queries"],
  ["queue.age", "s", "{{ $value | humanizeDuration }}"],
  ["queue.memory", "By", "{{ $value | humanize1024 }}B"],
  ["queue.flow", "By/s", "{{ $value | humanize1024 }}B/s"],
])("a value of %s with the unit %j is shown as %s", (metric, unit, text) => {
  expect(shownValue({ metric, unit, bounds: {} }, "$value")).toBe(text);
});

it.each([
  ["ai_cloud_memory_usage_percent", "Memory use", /The memory use\{\{.* \(ai_cloud_memory_usage_percent\)$/],
  ["queue_size", "queue_size", /The queue_size\{\{(?!.*\(queue_size\))/],
])("the series of %s are headed %j, and named once", (metric, heading, subject) => {
  expect(headingOf(metric)).toBe(heading);
  expect(subjectOf({ metric, isOfAgent: true, isOverAgents: false, otherLabels: [] })).toMatch(subject);
});

it.each([
  [undefined, false, ""],
  [true, true, " of all agents"],
  [true, false, " of an agent"],
  [false, false, " of the system"],
])(
  "the owner of a metric that is of an agent (%s) or over agents (%s) is %j",
  (isOfAgent, isOverAgents, text) => {
    expect(ownerOf({ isOfAgent, isOverAgents })).toBe(text);
  },
);
