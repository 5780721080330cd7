import { describe, expect, it } from "vitest";
import type { MeasuredMetric } from "../../src/core/measured-metric.ts";
import type { ForecastView, MeasuredNumber, ViewOutput } from "../../src/views/forecast-view.ts";
import { canGive, resolveOutput } from "../../src/views/resolved-output.ts";

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

it("of levels there are levels and means, of counters what is counted, of histograms percentiles and means too", () => {
  const numbers: MeasuredNumber[] = ["level", "total", "rate", "ratio", "quantile", "mean", "today"];
  const of = (kind: MeasuredMetric["kind"]) => numbers.filter((number) => canGive(kind, number));
  expect(of("level")).toEqual(["level", "mean"]);
  expect(of("increment")).toEqual(["total", "rate", "ratio", "today"]);
  expect(of("histogram")).toEqual(["total", "rate", "ratio", "quantile", "mean", "today"]);
});
