import { expect, it } from "vitest";
import { ownMeasurements } from "../../../src/artifacts/catalogue/own-measurements.ts";
import { ownInstruments } from "../../../src/metrics/own-instruments.ts";
import { optionsFor } from "../options-for.ts";

it("a process measures by each instrument of this package, with the attributes that it has", async () => {
  const options = optionsFor();
  const measured = Map.groupBy(await ownMeasurements(options), ({ name }) => name);
  for (const { name, unit, attributes } of ownInstruments(options.namespace)) {
    const metrics = measured.get(name) ?? [];
    expect(metrics.length, name).toBeGreaterThan(0);
    for (const metric of metrics) expect(metric.unit, name).toBe(unit);
    const labels = new Set(metrics.flatMap(({ points }) => points.flatMap((it) => Object.keys(it.labels))));
    for (const label of labels) expect(attributes, name).toContain(label);
    if (attributes.includes("agent")) expect(labels, name).toContain("agent");
  }
});
