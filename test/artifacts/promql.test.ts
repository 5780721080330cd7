import { expect, it } from "vitest";
import { matchersOf, promDuration } from "../../src/artifacts/promql.ts";

it("writes a view's patterns as matchers", () => {
  expect(
    matchersOf({
      agent: "leaky-service",
      "task.type": "re*t",
      error_type: "?*",
      zone: "",
      host: "!a.b",
      path: "!/api/*",
    }),
  ).toEqual([
    'agent="leaky-service"',
    'task_type=~"re.*t"',
    'error_type=~"..*"',
    'zone=""',
    'host!="a.b"',
    'path!~"/api/.*"',
  ]);
});

it("escapes quotes and special characters of regular expressions", () => {
  expect(matchersOf({ agent: 'a.b"c\\*' })).toEqual([String.raw`agent=~"a\\.b\"c\\\\.*"`]);
});

it.for([
  [250, "250ms"],
  [90_000, "1m30s"],
  [300_000, "5m"],
  [86_400_000, "1d"],
  [0, "0s"],
] as const)("writes %i ms as %s", ([millis, text]) => {
  expect(promDuration(millis)).toBe(text);
});
