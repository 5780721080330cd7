import { ValueType } from "@opentelemetry/api";
import fc from "fast-check";
import { expect, it } from "vitest";
import { runs } from "../../harness/runs.ts";
import { Application, type InstrumentSpec, KINDS, type ObservationSpec, type Setup } from "./two-ways.ts";

const instrument: fc.Arbitrary<InstrumentSpec> = fc.record({
  kind: fc.constantFrom(...KINDS),
  name: fc.constantFrom("a.b", "a_b", "c", "C", "renamed", "filtered", "limited", "total.c"),
  unit: fc.constantFrom("", "s", "1"),
  description: fc.constantFrom("", "what it is", "a longer text\n"),
  valueType: fc.constantFrom(ValueType.INT, ValueType.DOUBLE),
  scope: fc.constantFrom("app", "lib", "otel-forecast"),
});
const attributeValue = fc.oneof(
  fc.constantFrom("x", "y", "", "ü", "\uD800", 1, 0, -0, true),
  fc.constantFrom(undefined, null, ["x", "y"], [1], { deep: 1 }),
);
const attributes = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom("1", "2", "3", "4").map((id) => ({ id })) },
  { weight: 2, arbitrary: fc.dictionary(fc.constantFrom("id", "a.b", "a_b", "le", "1"), attributeValue) },
  { weight: 1, arbitrary: fc.constantFrom(undefined, { big: 1n }, null) },
) as fc.Arbitrary<ObservationSpec["attributes"]>;
const observation: fc.Arbitrary<ObservationSpec> = fc.record({
  instrument: fc.nat(5),
  value: fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: -9, max: 99 }) as fc.Arbitrary<unknown> },
    fc.constantFrom(1.5, -0, 1e300, Number.NaN, Number.POSITIVE_INFINITY, "no number"),
  ),
  attributes,
});
const program = fc.record({
  observations: fc.array(observation, { maxLength: 9 }),
  throws: fc.integer({ max: 9, min: 0 }).map((number) => number === 0),
});
const callback = fc.record({
  instruments: fc.array(fc.nat(5), { minLength: 1, maxLength: 3 }),
  isBatch: fc.boolean(),
});
const setup: fc.Arbitrary<Setup> = fc
  .record({
    instruments: fc.array(instrument, { minLength: 1, maxLength: 4 }),
    callbacks: fc.array(callback, { minLength: 1, maxLength: 4 }),
    hasViews: fc.boolean(),
  })
  // With views, the SDK takes what such a callback has observed at another time than what is left to it. And
  // if it observes one series of a counter through two instruments, the SDK takes the second total for one
  // that fell.
  .map((given) => ({
    ...given,
    callbacks: given.callbacks.map((one) => ({
      ...one,
      isBatch: one.isBatch && !given.hasViews && !hasTwins(given.instruments),
    })),
  }));

/** Whether several instruments have one name. */
function hasTwins(instruments: Setup["instruments"]): boolean {
  return new Set(instruments.map(({ name }) => name)).size < instruments.length;
}

const step = fc.record({
  does: fc.constantFrom("scrape", "scrape", "scrape", "collect"),
  /** `undefined`: the callbacks do what they did before. */
  programs: fc.option(fc.array(program, { minLength: 4, maxLength: 4 }), { nil: undefined }),
  goneId: fc.constantFrom(undefined, undefined, "1", "2"),
});

/** Runs the same steps both ways. */
async function compare(
  given: Setup,
  steps: readonly (typeof step extends fc.Arbitrary<infer Step> ? Step : never)[],
  reusesObjects: boolean,
): Promise<void> {
  const direct = new Application(given, "direct", reusesObjects);
  const plain = new Application(given, "sdk", false);
  for (const [now, { does, programs, goneId }] of steps.entries()) {
    for (const one of [direct, plain]) one.programs = programs ?? one.programs;
    if (does === "scrape") expect(await direct.scrape()).toEqual(await plain.scrape());
    else {
      const gone = reusesObjects ? undefined : goneId;
      const [ours, theirs] = [await direct.collect(now, gone), await plain.collect(now, gone)];
      if (!reusesObjects) expect(ours).toEqual(theirs);
    }
    expect(direct.calls).toEqual(plain.calls);
  }
}

it("shows the page that the SDK's storages would show, and the forecaster collects the same", async () => {
  await fc.assert(
    fc.asyncProperty(setup, fc.array(step, { maxLength: 10 }), (given, steps) =>
      compare(given, steps, false),
    ),
    { numRuns: runs(400) },
  );
});

it("shows the same page to an application that changes the object that it has observed", async () => {
  await fc.assert(
    fc.asyncProperty(setup, fc.array(step, { maxLength: 10 }), (given, steps) =>
      compare({ ...given, hasViews: false }, steps, true),
    ),
    { numRuns: runs(400) },
  );
});
