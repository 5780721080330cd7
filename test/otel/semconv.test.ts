import { expect, it } from "vitest";
import { STANDARD_METRICS } from "../../src/otel/semconv.ts";

it.each(Object.values(STANDARD_METRICS))("$name has ascending boundaries", ({ boundaries }) => {
  expect(boundaries).toEqual([...new Set(boundaries)].toSorted((one, other) => one - other));
  expect(boundaries.length).toBeGreaterThan(1);
});
