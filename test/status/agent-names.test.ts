import { expect, it } from "vitest";
import { givenName, shownKey, shownLabels } from "../../src/status/agent-names.ts";

const names = new Map([
  ["planner", "planner#2"],
  ["planner#2", "planner#3"],
]);

it("a series has the name that its agent is shown by, and is not shown without one", () => {
  const key = (agent?: string) => ({
    metric: "queue_size",
    labels: { host: "a", ...(agent === undefined ? {} : { agent }) },
  });
  expect(shownKey(key("planner"), names)).toEqual(key("planner#2"));
  expect(shownKey(key("planner#2"), names)).toEqual(key("planner#3"));
  expect(shownKey(key("planner#3"), names)).toBeUndefined();
  expect(shownKey(key(), names)).toBeUndefined();
  expect(shownLabels(key("coder").labels, names)).toBeUndefined();
});

it("where no names are given, all are shown by their own", () => {
  const key = { metric: "queue_size", labels: {} };
  expect(shownKey(key, undefined)).toBe(key);
  expect(shownLabels(key.labels, undefined)).toBe(key.labels);
  expect(givenName("planner", undefined)).toBe("planner");
});

it("an agent is found by the name that it is shown by", () => {
  expect(["planner", "planner#2", "planner#3"].map((shown) => givenName(shown, names))).toEqual([
    undefined,
    "planner",
    "planner#2",
  ]);
});
