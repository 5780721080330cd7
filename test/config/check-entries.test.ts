import { expect, it } from "vitest";
import { withoutWrong } from "../../src/config/check-entries.ts";
import { readConfiguration } from "../../src/config/configuration.ts";
import type { ForecastView } from "../../src/views/forecast-view.ts";

it("names the known metrics once, however many thresholds there are", () => {
  const thresholds = Array.from({ length: 100 }, (_, index) => `  orders_${index}: { above: 1 }\n`);
  const configuration = readConfiguration("f.yaml", `thresholds:\n${thresholds.join("")}`);
  let times = 0;
  const otherViews: ForecastView[] = Object.assign([], {
    [Symbol.iterator]() {
      times++;
      return [].values();
    },
  });
  const context = { namespace: "ai_cloud", timeZone: undefined, otherViews };
  const right = withoutWrong(configuration, context, (findings) => expect(findings).toEqual([]));
  expect(right.thresholds.size).toBe(100);
  expect(times).toBe(1);
});
