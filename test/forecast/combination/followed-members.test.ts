import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { followedMembers, members } from "../../../src/forecast/combination/members.ts";
import type { FittedMethod } from "../../../src/forecast/method.ts";

const MORE = 3;
const HORIZONS = [1, 2, 7, 40];
const value = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: -5, max: 5, noNaN: true }) },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 2 }) },
  { weight: 3, arbitrary: fc.constant(Number.NaN) },
  { weight: 1, arbitrary: fc.constantFrom(400, -1e9) },
);
/** Stretches repeat, so that there are long gaps, levels, and windows that are left. */
const values = (maxStretches: number) =>
  fc
    .array(
      fc.tuple(value, fc.integer({ min: 1, max: 90 }), fc.double({ min: -0.1, max: 0.1, noNaN: true })),
      {
        maxLength: maxStretches,
      },
    )
    .map((stretches) =>
      stretches.flatMap(([level, length, slope]) =>
        Array.from(
          { length: length % 3 === 0 ? length : 1 + (length % 4) },
          (_, step) =>
            // -0 is 0.
            Math.fround(level + slope * step) + 0,
        ),
      ),
    );

function fittedTo(history: readonly number[]): FittedMethod[] {
  const past = { values: Float64Array.from(history), stepSeconds: 10 };
  return members.map(({ method, parameters }) => method.fit(past, parameters));
}

/** All members, as voices. */
const ALL = {
  methods: Uint8Array.from({ length: followedMembers.size }, (_, member) => member),
  from: 0,
  count: followedMembers.size,
};

function said(voices = ALL): number[][] {
  return HORIZONS.map((steps) => {
    const forecasts = new Float64Array(voices.count);
    followedMembers.write(steps, voices, forecasts);
    return Array.from(forecasts);
  });
}

function saidBy(methods: readonly FittedMethod[]): number[][] {
  return HORIZONS.map((steps) => methods.map((method) => method.at(steps)));
}

/** Two series that take turns, each with its fitted members. */
function seriesOf(history: readonly number[]) {
  const methods = fittedTo(history);
  return { methods, row: followedMembers.rowOf(methods, Float64Array.from(history), MORE) };
}

describe("FollowedMembers", () => {
  it("forecast as the fitted members do, of several series in turns, with gaps", () => {
    fc.assert(
      fc.property(values(8), values(8), values(12), (one, other, coming) => {
        const both = [seriesOf([1, ...one]), seriesOf([2, ...other])];
        for (const [index, next] of coming.entries()) {
          for (const { methods, row } of both) {
            followedMembers.seek(row, 0);
            followedMembers.update(next);
            for (const method of methods) method.update(next);
            if (index % 7 > 0 && index < coming.length - 1) continue;
            expect(said()).toEqual(saidBy(methods));
            const plausible = methods.map((method) => method.plausible?.(5)).find((range) => range);
            expect(followedMembers.plausible(5)).toEqual(plausible);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it("forecast almost the same from values of more digits", () => {
    const steps = fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 30, maxLength: 400 });
    fc.assert(
      fc.property(steps, (steps) => {
        const { methods, row } = seriesOf(steps.slice(0, 24));
        followedMembers.seek(row, 0);
        for (const next of steps.slice(24)) {
          followedMembers.update(next);
          for (const method of methods) method.update(next);
        }
        const forecasts = new Float64Array(followedMembers.size);
        followedMembers.write(5, ALL, forecasts);
        for (const [index, { method }] of members.entries()) {
          // A digit more or less may decide whether a regime or a ramp has ended.
          if (method.name === "sawtooth" || method.name === "piecewise-trend") continue;
          expect(forecasts[index]).toBeCloseTo((methods[index] as FittedMethod).at(5), 5);
        }
      }),
    );
  });

  it("go on to follow those that are kept, and leave the others out", () => {
    const kept = fc.subarray(Array.from(ALL.methods), { minLength: 1 });
    fc.assert(
      fc.property(values(8), values(12), kept, (history, coming, only) => {
        const { methods, row } = seriesOf([1, ...history]);
        followedMembers.seek(row, 0);
        followedMembers.keepOnly(new Set(only));
        for (const next of coming) {
          followedMembers.update(next);
          for (const method of methods) method.update(next);
        }
        const voices = { methods: Uint8Array.from([255, ...only]), from: 1, count: only.length };
        expect(said(voices)).toEqual(saidBy(only.map((member) => methods[member] as FittedMethod)));
        const plausible = methods.map((method) => method.plausible?.(5)).find((range) => range);
        expect(followedMembers.plausible(5)).toEqual(plausible);
      }),
      { numRuns: 60 },
    );
  });

  it("know what a line leaves behind after hundreds of steps with gaps", () => {
    const steps = Array.from({ length: 900 }, (_, step) =>
      step % 5 === 2 || (step > 300 && step < 480)
        ? Number.NaN
        : Math.fround(Math.sin(step / 9) + step / 300),
    );
    const { methods, row } = seriesOf(steps.slice(0, 30));
    for (const next of steps.slice(30)) {
      followedMembers.seek(row, 0);
      followedMembers.update(next);
      for (const method of methods) method.update(next);
      expect(said()).toEqual(saidBy(methods));
    }
  });

  it("leave alone what follows their own", () => {
    const { row } = seriesOf([1, 2, 3]);
    const { width } = followedMembers;
    row.numbers.set([7, 8, 9], width);
    followedMembers.seek(row, 0);
    for (let step = 0; step < 500; step += 1) followedMembers.update(step % 17);
    expect(Array.from(row.numbers.subarray(width))).toEqual([7, 8, 9]);
  });

  it("refuse a method that has no row", () => {
    const methods: FittedMethod[] = members.map(() => ({ update: () => {}, at: () => 0 }));
    expect(() => followedMembers.rowOf(methods, Float64Array.of(1), MORE)).toThrow(/without a row/);
  });
});
