import { expect, it } from "vitest";
import { statusText } from "../../../src/commands/status/status-text.ts";
import type { SeriesStatus } from "../../../src/status/answers.ts";

const disk: SeriesStatus = {
  id: "1",
  metric: "disk_used_ratio",
  labels: { host: "a" },
  unit: "",
  state: "ready",
  at: 0,
  value: 0.81,
  horizons: [{ horizon: "1h", at: 3_600_000, predicted: 0.93, lower: 0.9, upper: 0.96 }],
  threshold: { value: 0.9, direction: "above" },
  secondsToThreshold: 1800,
};
const young: SeriesStatus = {
  id: "2",
  metric: "queue\u001b[31m",
  labels: {},
  unit: "",
  state: "warming-up",
  missingPoints: 3,
  horizons: [],
};

it("is a sentence, the alerts and a table", () => {
  const list = { now: 0, series: 9, selected: 5, forecasts: [disk, young] };
  const text = statusText(list, [{ state: "firing", summary: "The disk fills up." }]);
  expect(text.split("\n")).toEqual([
    "The disk use (host a) will be above its threshold of 90% in about 30 minutes.",
    "firing: The disk fills up.",
    "┌───────────────────────────┬─────┬──────────────────┬──────────────────────────┐",
    "│ series                    │ now │ in 1h            │ threshold                │",
    "├───────────────────────────┼─────┼──────────────────┼──────────────────────────┤",
    '│ disk_used_ratio{host="a"} │ 81% │ 93% (90% to 96%) │ above 90%: in 30 minutes │',
    "│ queue\\u001b[31m           │ -   │ 3 points missing │ -                        │",
    "└───────────────────────────┴─────┴──────────────────┴──────────────────────────┘",
    "3 series more: use --limit or --match",
  ]);
});

it("says that series were left out, if none is selected", () => {
  expect(statusText({ now: 0, series: 12, selected: 0, forecasts: [] }, [])).toBe(
    "None of the 12 series is selected.",
  );
});

it("is only a sentence while nothing is measured", () => {
  expect(statusText({ now: 0, series: 0, selected: 0, forecasts: [] }, [])).toBe(
    "There are no forecasts yet.",
  );
});
