import fc from "fast-check";
import { median } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { candidatePeriods } from "../../../src/forecast/seasons/candidate-periods.ts";
import { findSeasons, mainPeriod } from "../../../src/forecast/seasons/find-seasons.ts";
import { seasonalPattern } from "../../../src/forecast/seasons/seasonal-pattern.ts";
import { seasonallyAdjusted } from "../../../src/forecast/seasons/seasonally-adjusted.ts";
import { RunningSums } from "../../../src/math/centred-average.ts";

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
    // The step after 65 points is index 65, phase 5. The peaks at 3 are 8 steps later. The level is
    // subtracted: 10 - 1 and 0 - 1.
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

  it("estimates the season of a point from the other cycles only", () => {
    const values = everyTenth(60);
    const before = seasonalPattern(values, 10).crossFitted[33] as number;
    values[33] = 12;
    // The level over the cycle rises by 0.2. The other cycles' estimate for the point does not
    // follow its new value.
    expect(Math.abs((seasonalPattern(values, 10).crossFitted[33] as number) - before)).toBeLessThan(0.3);
  });

  it("takes for each point the median of its phase in the six nearest other cycles, for any gaps", () => {
    const value = fc.oneof(fc.integer({ min: -9, max: 9 }), fc.constant(Number.NaN));
    const some = fc.array(value, { minLength: 4, maxLength: 60, size: "max" });
    fc.assert(
      fc.property(some, fc.integer({ min: 2, max: 12 }), (values, wanted) => {
        const series = Float64Array.from(values);
        const period = Math.min(wanted, values.length >> 1);
        const trend = new RunningSums(series).centredAverage(period);
        const deviations = values.map((one, index) => one - (trend[index] as number));
        const { crossFitted, pattern } = seasonalPattern(series, period);
        const predicted = deviations.map((_, own) => {
          const cycles = [...deviations.keys()]
            .filter((index) => (index - own) % period === 0 && !Number.isNaN(deviations[index]))
            .reverse();
          const first = Math.max(0, Math.min(cycles.length - 7, cycles.indexOf(own) - 3));
          const others = cycles.slice(first, first + 7).filter((index) => index !== own);
          return Number.isNaN(deviations[own]) || others.length === 0
            ? 0
            : median(others.map((index) => deviations[index] as number));
        });
        // All are shrunk by the same factor, from 0 to 1.
        const largest = Math.max(...predicted.map(Math.abs));
        const at = predicted.findIndex((one) => Math.abs(one) === largest);
        const factor = largest > 0 ? (crossFitted[at] as number) / (predicted[at] as number) : 0;
        expect(factor).toBeGreaterThanOrEqual(0);
        expect(factor).toBeLessThanOrEqual(1);
        predicted.forEach((one, index) => {
          expect(crossFitted[index]).toBeCloseTo(factor * one, 9);
        });
        if (largest === 0) return;
        pattern.forEach((one, phase) => {
          const newest = deviations.filter(
            (deviation, index) => (index - values.length - phase) % period === 0 && !Number.isNaN(deviation),
          );
          expect(one).toBeCloseTo(newest.length === 0 ? 0 : factor * median(newest.slice(-6)), 9);
        });
      }),
    );
  });

  it("shrinks a pattern by chance to almost nothing", () => {
    const { gain } = seasonalPattern(Float64Array.from(noise(200)), 10);
    expect(gain).toBeLessThan(0.06);
  });
});

describe("candidatePeriods", () => {
  it("includes the calendar's periods that the history covers twice", () => {
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

  it("finds a period that nobody specified", () => {
    const values = Float64Array.from(
      noise(300),
      (value, index) => value + 2 * Math.sin((2 * Math.PI * index) / 37),
    );
    expect(candidatePeriods({ values, stepSeconds: 7 })[0]).toBe(37);
  });
});

describe("candidate periods of a short series", () => {
  it("are the same wherever the series is", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 12, maxLength: 30 }), (values) => {
        const at = (level: number) =>
          candidatePeriods({ values: Float64Array.from(values, (it) => it + level), stepSeconds: 7 });
        expect(at(4096)).toEqual(at(0));
      }),
      { numRuns: 300 },
    );
  });
});

describe("a period that nobody specified", () => {
  const faint = (length: number, seed: number, size: number, period: number): Float64Array =>
    Float64Array.from(
      noise(length, seed),
      (value, index) => value + size * Math.sin((2 * Math.PI * index) / period),
    );

  it("is found from a correlation of 0.2 on", () => {
    // Its correlation lies between 0.2 and 0.26.
    expect(candidatePeriods({ values: faint(200, 9, 0.15, 37), stepSeconds: 7 })).toEqual([37]);
    expect(candidatePeriods({ values: faint(200, 9, 0.05, 37), stepSeconds: 7 })).not.toContain(37);
  });

  it("is searched for up to a thousand steps", () => {
    const wave = (period: number) =>
      Float64Array.from({ length: 5000 }, (_, index) => Math.sin((2 * Math.PI * index) / period));
    expect(candidatePeriods({ values: wave(900), stepSeconds: 7 })).toEqual([900]);
    expect(candidatePeriods({ values: wave(1100), stepSeconds: 7 })).toEqual([]);
  });

  it("must be clearer in a short history: two and a half standard errors", () => {
    // For 80 points the limit is 0.28. Its correlation is below 0.36.
    expect(candidatePeriods({ values: faint(80, 12, 0.3, 17), stepSeconds: 7 })).toEqual([17]);
  });
});

describe("findSeasons", () => {
  it("prefers a period to its double that explains hardly more", () => {
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
    // The day would explain the hourly peaks too, unless the hour was found first.
    const left = adjusted.reduce((sum, value) => sum + Math.abs(value - 20.67), 0) / adjusted.length;
    expect(left).toBeLessThan(0.6);
  });

  it("finds a season despite an outlier, which stays in the adjusted series", () => {
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

  it("gives finite numbers for any numbers and gaps", () => {
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
  it("is that of the caller when one cycle is covered, otherwise the one found, otherwise none", () => {
    expect(mainPeriod({ values: noise(30), stepSeconds: 7, season: 30 })).toBe(30);
    expect(mainPeriod({ values: noise(29), stepSeconds: 7, season: 30 })).toBeUndefined();
    expect(mainPeriod({ values: everyTenth(90), stepSeconds: 60, season: 1000 })).toBe(10);
  });
});

describe("seasonallyAdjusted", () => {
  it("removes the seasons from new points and adds them to forecasts, in phase", () => {
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
