import { expect, it } from "vitest";
import type { AlertThreshold } from "../../../src/alerts/entries.ts";
import { checkAlertLimits } from "../../../src/config/alerting/check-limits.ts";
import { Findings } from "../../../src/config/alerting/findings.ts";
import type { KnownMetric } from "../../../src/config/alerting/known-metrics.ts";

const metric = (bounds: KnownMetric["bounds"]): KnownMetric => ({
  pattern: "a",
  bounds,
  labels: [],
  isDailyTotal: false,
  isOurs: false,
});
const percent = metric({ lower: 0, upper: 100 });
const count = metric({ lower: 0 });

function found(threshold: AlertThreshold, metrics: KnownMetric[]): string[] {
  const findings = new Findings();
  checkAlertLimits({ metric: "a", threshold }, metrics, findings);
  return findings.all.map(({ path, message }) => `${path.join(".")} ${message}`);
}

it("the limits of an alert on a pattern name the metric", () => {
  const findings = new Findings();
  const metrics = [
    { ...percent, pattern: "cpu_percent" },
    { ...percent, pattern: "cpu_share" },
  ];
  checkAlertLimits({ metric: "cpu_*", threshold: { above: 120, recovery: 110 } }, metrics, findings);
  expect(findings.all.map(({ message }) => message)).toEqual([
    "must be a value that cpu_percent can cross within its bounds, 0 to 100",
    "must be within the bounds of cpu_percent, 0 to 100",
  ]);
});

it.each([
  [{ above: 90, recovery: 80 }, [percent], []],
  [{ above: 90, recovery: 0 }, [percent], []],
  [{ below: 10, recovery: 100 }, [percent], []],
  [{ above: 90, recovery: 90 }, [count], []],
  [{ above: 90, recovery: -1 }, [metric({})], []],
  [{ above: 90, recovery: -1 }, [percent], ["recovery must be within its bounds, 0 to 100"]],
  [{ above: 90, recovery: -1 }, [count], ["recovery must be within its bounds, from 0 up"]],
  [{ above: 90, recovery: -1 }, [metric({}), count], ["recovery must be within its bounds, from 0 up"]],
  [{ below: 10, recovery: 101 }, [percent], ["recovery must be within its bounds, 0 to 100"]],
  [
    { below: 10, recovery: 1 },
    [metric({ upper: 0.5 })],
    [
      "below must be a value that the metric can cross within its bounds, up to 0.5",
      "recovery must be at or above the threshold of 10",
      "recovery must be within its bounds, up to 0.5",
    ],
  ],
  [{ above: 90, recovery: 91 }, [percent], ["recovery must be at or below the threshold of 90"]],
  [{ below: 10, recovery: 9 }, [percent], ["recovery must be at or above the threshold of 10"]],
])("the limits %o of an alert are checked", (threshold, metrics, expected) => {
  expect(found(threshold, metrics)).toEqual(expected);
});

it.each([
  [{ above: 0 }, true],
  [{ above: 99.9 }, true],
  [{ above: 100 }, false],
  [{ above: -0.1 }, false],
  [{ below: 0.1 }, true],
  [{ below: 100 }, true],
  [{ below: 0 }, false],
  [{ below: 100.1 }, false],
])("whether a percentage can be beyond %o and within it is known", (threshold, canCross) => {
  const [direction] = Object.keys(threshold);
  const message = `${direction} must be a value that the metric can cross within its bounds, 0 to 100`;
  expect(found(threshold, [percent])).toEqual(canCross ? [] : [message]);
});
