import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { candidatePeriods } from "../../../src/forecast/seasons/candidate-periods.ts";
import { findSeasons, mainPeriod } from "../../../src/forecast/seasons/find-seasons.ts";
import { seasonalPattern } from "../../../src/forecast/seasons/seasonal-pattern.ts";
import { seasonallyAdjusted } from "../../../src/forecast/seasons/seasonally-adjusted.ts";

function noise(length: number, seed = 1): number[] {
  let state = seed;
  return Array.from({ length }, () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647 - 0.5;
  });
}

const fiveMinutes = 300;
const everyTenth = (length: number): Float64Array =>
  Float64Array.from({ length }, (_, index) => (index % 10 === 3 ? 10 : 0));

describe("seasonalPattern", () => {
  it("finds a pure pattern whole, in the phase of the step after the history", () => {
    const { pattern, gain, crossFitted } = seasonalPattern(everyTenth(65), 10);
    // The step after 65 points is index 65, phase 5; the peaks at 3 lie 8 steps on. The level is taken off: 10 - 1 and 0 - 1.
    expect(Array.from(pattern)).toEqual([-1, -1, -1, -1, -1, -1, -1, -1, 9, -1]);
    expect(gain).toBe(1);
    expect(crossFitted[13]).toBe(9);
  });

  it("leaves gaps out", () => {
    const values = everyTenth(100);
    values[33] = Number.NaN;
    values[47] = Number.NaN;
    const { pattern } = seasonalPattern(values, 10);
    pattern.forEach((value, phase) => {
      expect(value).toBeCloseTo(phase === 3 ? 9 : -1, 0);
    });
  });

  it("says of a point only what the other cycles say", () => {
    const values = everyTenth(60);
    const before = seasonalPattern(values, 10).crossFitted[33] as number;
    values[33] = 12;
    // The level over the cycle rises by 0.2, the others' word on the point does not follow its new value.
    expect(Math.abs((seasonalPattern(values, 10).crossFitted[33] as number) - before)).toBeLessThan(0.3);
  });

  it("shrinks chance to next to nothing", () => {
    const { gain } = seasonalPattern(Float64Array.from(noise(200)), 10);
    expect(gain).toBeLessThan(0.06);
  });
});

describe("candidatePeriods", () => {
  it("knows the calendar in steps, as far as the history covers two cycles", () => {
    const flat = { values: new Float64Array(1000), stepSeconds: fiveMinutes };
    expect(candidatePeriods(flat)).toEqual([2, 4, 6, 12, 288]);
    expect(candidatePeriods({ ...flat, values: new Float64Array(500) })).toEqual([2, 4, 6, 12]);
    expect(candidatePeriods({ ...flat, stepSeconds: 3600 })).toEqual([24, 168]);
  });

  it("takes the caller's period, but not one that is longer than half of the history or no whole number", () => {
    const flat = { values: new Float64Array(100), stepSeconds: 7 };
    expect(candidatePeriods({ ...flat, season: 30 })).toEqual([30]);
    for (const season of [51, 1, 2.5, Number.NaN, 1e9, -4])
      expect(candidatePeriods({ ...flat, season })).toEqual([]);
  });

  it("hears a period that nobody named", () => {
    const values = Float64Array.from(
      noise(300),
      (value, index) => value + 2 * Math.sin((2 * Math.PI * index) / 37),
    );
    expect(candidatePeriods({ values, stepSeconds: 7 })[0]).toBe(37);
  });
});

describe("a period that nobody named", () => {
  const faint = (length: number, seed: number, size: number, period: number): Float64Array =>
    Float64Array.from(
      noise(length, seed),
      (value, index) => value + size * Math.sin((2 * Math.PI * index) / period),
    );

  it("is heard from a correlation of 0.2 on", () => {
    // Its correlation lies between 0.2 and 0.26.
    expect(candidatePeriods({ values: faint(200, 9, 0.15, 37), stepSeconds: 7 })).toEqual([37]);
    expect(candidatePeriods({ values: faint(200, 9, 0.05, 37), stepSeconds: 7 })).not.toContain(37);
  });

  it("is looked for up to a thousand steps", () => {
    const wave = (period: number) =>
      Float64Array.from({ length: 5000 }, (_, index) => Math.sin((2 * Math.PI * index) / period));
    expect(candidatePeriods({ values: wave(900), stepSeconds: 7 })).toEqual([900]);
    expect(candidatePeriods({ values: wave(1100), stepSeconds: 7 })).toEqual([]);
  });

  it("must be clearer in a short history: two and a half standard errors", () => {
    // Of 80 points that is 0.28; its correlation lies below 0.36.
    expect(candidatePeriods({ values: faint(80, 12, 0.3, 17), stepSeconds: 7 })).toEqual([17]);
  });
});

describe("findSeasons", () => {
  it("prefers the simple period to its double that explains hardly more", () => {
    const random = noise(960, 6);
    const values = random.map((value, hour) => 3 * Math.sin((2 * Math.PI * hour) / 24) + value);
    expect(findSeasons({ values, stepSeconds: 3600, season: 48 }).patterns[0]?.period).toBe(24);
  });

  it("finds an hour on top of a day and leaves the rest", () => {
    const rest = noise(1200);
    const values = rest.map(
      (value, index) => 20 + value + (index % 12 === 0 ? 8 : 0) + 5 * Math.sin((2 * Math.PI * index) / 288),
    );
    const { patterns, adjusted } = findSeasons({ values, stepSeconds: fiveMinutes });
    const periods = patterns.map(({ period }) => period);
    expect(periods).toContain(288);
    // The day explains the hourly peaks too, unless the hour was found first.
    const left = adjusted.reduce((sum, value) => sum + Math.abs(value - 20.67), 0) / adjusted.length;
    expect(left).toBeLessThan(0.6);
  });

  it("is not kept from it by an outlier, which stays in what is left", () => {
    const values = everyTenth(100);
    values[45] = 1000;
    const { patterns, adjusted } = findSeasons({ values, stepSeconds: 60 });
    expect(patterns[0]?.period).toBe(10);
    expect(patterns[0]?.pattern[3]).toBeGreaterThan(7);
    expect(adjusted[45]).toBeGreaterThan(990);
  });

  it("finds none in noise, in a constant or in a ramp", () => {
    for (const values of [noise(400, 7), Array(400).fill(3), noise(400).map((_, index) => index)]) {
      expect(findSeasons({ values, stepSeconds: fiveMinutes }).patterns).toEqual([]);
    }
  });

  it("is sound for any numbers and gaps", () => {
    const value = fc.oneof(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.constant(Number.NaN));
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 80 }),
        fc.integer({ min: -1, max: 100 }),
        (values, season) => {
          const { adjusted } = findSeasons({ values, stepSeconds: 600, season });
          adjusted.forEach((left, index) => {
            expect(Number.isNaN(left)).toBe(Number.isNaN(values[index]));
          });
        },
      ),
    );
  });
});

describe("mainPeriod", () => {
  it("is the caller's where one cycle is there, else the one that was found, else none", () => {
    expect(mainPeriod({ values: noise(30), stepSeconds: 7, season: 30 })).toBe(30);
    expect(mainPeriod({ values: noise(29), stepSeconds: 7, season: 30 })).toBeUndefined();
    expect(mainPeriod({ values: everyTenth(90), stepSeconds: 60, season: 1000 })).toBe(10);
  });
});

describe("seasonallyAdjusted", () => {
  it("takes the seasons off what comes in and puts them on what goes out, moving with time", () => {
    const seen: number[] = [];
    const inner = { update: (value: number) => void seen.push(value), at: () => 100 };
    const { patterns } = findSeasons({ values: everyTenth(60), stepSeconds: 60 });
    const outer = seasonallyAdjusted(inner, patterns);
    expect([3, 4, 5].map((steps) => Math.round(outer.at(steps)))).toEqual([99, 109, 99]);
    for (const value of [0, 0, 0]) outer.update(value);
    outer.update(10);
    expect(seen).toEqual([1, 1, 1, 1]);
    expect(Math.round(outer.at(10))).toBe(109);
  });
});
