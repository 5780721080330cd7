import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { expect, it } from "vitest";
import { EndpointReader, type ShownOf } from "../../src/prometheus/endpoint-reader.ts";

/** The ids of the attribute sets that a reader shows, by instrument. */
async function shown(shownOf: ShownOf | undefined): Promise<Record<string, unknown[]>> {
  const reader = new EndpointReader({ shownOf });
  const provider = new MeterProvider({ readers: [reader] });
  for (const [name, ids] of [
    ["one", ["a"]],
    ["two", ["a", "b"]],
  ] as const) {
    const counter = provider.getMeter("shop").createCounter(name);
    for (const id of ids) counter.add(1, { id });
  }
  const { resourceMetrics } = await reader.collect();
  await provider.shutdown();
  return Object.fromEntries(
    resourceMetrics.scopeMetrics
      .flatMap(({ metrics }) => metrics)
      .map(({ descriptor, dataPoints }) => [
        descriptor.name,
        dataPoints.map(({ attributes: { id } }) => id).toSorted(),
      ]),
  );
}

it("shows all attribute sets of all instruments, unless told otherwise", async () => {
  const all = { one: ["a"], two: ["a", "b"] };
  expect(await shown(undefined)).toEqual(all);
  expect(await shown(() => undefined)).toEqual(all);
});

it("shows the attribute sets that are wanted of an instrument, and none without any", async () => {
  expect(
    await shown(
      () =>
        ({ id }) =>
          id === "a",
    ),
  ).toEqual({ one: ["a"], two: ["a"] });
  expect(
    await shown(
      () =>
        ({ id }) =>
          id === "b",
    ),
  ).toEqual({ two: ["b"] });
  expect(
    await shown((scope, name) => (scope === "shop" && name === "two" ? () => false : undefined)),
  ).toEqual({ one: ["a"] });
});
