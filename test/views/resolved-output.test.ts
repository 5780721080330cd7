import { describe, expect, it } from "vitest";
import type { MeasuredMetric } from "../../src/core/measured-metric.ts";
import type { ForecastView, ViewOutput } from "../../src/views/forecast-view.ts";
import { resolveOutput } from "../../src/views/resolved-output.ts";

/** The name on `/metrics` of an output whose name is made of that of the instrument. */
function nameOf(name: string, kind: MeasuredMetric["kind"]): string {
  const spec = { name, number: "last", isForecast: true, isPublished: true } as unknown as ViewOutput;
  const metric = { name: "cache.fill", unit: "1", description: "", kind, scope: "app", points: [] };
  return resolveOutput({} as ForecastView, 0, spec, metric as unknown as MeasuredMetric).name;
}

describe("the name of an output", () => {
  it.each([
    ["level", "cache_fill_ratio"],
    ["histogram", "cache_fill"],
    ["increment", "cache_fill"],
  ] as const)("has the name that Prometheus gives to the instrument: %s", (kind, base) => {
    expect(nameOf("{base}_mean", kind)).toBe(`${base}_mean`);
    expect(nameOf("{instrument}.mean", kind)).toBe("cache.fill.mean");
  });
});
