import { expect, it } from "vitest";
import { ownMeasurements } from "../../src/artifacts/catalogue/own-measurements.ts";
import { resolveOptions } from "../../src/config/resolve-options.ts";
import { ownInstruments } from "../../src/metrics/own-instruments.ts";

it("the list of our instruments is what a process measures", async () => {
  const options = resolveOptions({}, { environment: {}, readFile: () => "", warn: () => {} });
  const measured = await ownMeasurements(options);
  const attributesOf = new Map<string, Set<string>>();
  const kindOf = new Map<string, string>();
  for (const { name, kind, points } of measured) {
    const attributes = attributesOf.get(name) ?? new Set();
    for (const { labels } of points) for (const attribute of Object.keys(labels)) attributes.add(attribute);
    attributesOf.set(name, attributes);
    kindOf.set(name, kind);
  }
  const listed = ownInstruments("ai_cloud");
  expect(listed.map(({ name, kind }) => `${name}: ${kind}`).toSorted()).toEqual(
    [...kindOf].map(([name, kind]) => `${name}: ${kind}`).toSorted(),
  );
  const missing = listed.flatMap(({ name, attributes }) =>
    [...(attributesOf.get(name) ?? [])].filter((attribute) => !attributes.includes(attribute)),
  );
  expect(missing).toEqual([]);
});
