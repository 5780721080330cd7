import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textsOf } from "../../src/advice/forecast-texts.ts";
import { inHumanUnits, type Quantity, writerOf } from "../../src/advice/human-units.ts";

const METRICS: Readonly<Record<Quantity, { metricName: string; unit?: string }>> = {
  percent: { metricName: "x_percent" },
  share: { metricName: "x_ratio" },
  duration: { metricName: "x_seconds" },
  bytes: { metricName: "x_bytes" },
  "bytes-per-second": { metricName: "x_bytes_per_second" },
  "per-second": { metricName: "x_throughput" },
  usd: { metricName: "x_usd" },
  number: { metricName: "x", unit: "{message}" },
};

const SIZES: ReadonlyMap<string, number> = new Map([
  ["µs", 1e-6],
  ["ms", 1e-3],
  ["min", 60],
  ["h", 3600],
  ["day", 86_400],
  ["days", 86_400],
  ["KiB", 1024],
  ["MiB", 1024 ** 2],
  ["GiB", 1024 ** 3],
  ["TiB", 1024 ** 4],
  ["PiB", 1024 ** 5],
  ["million", 1e6],
  ["billion", 1e9],
  ["trillion", 1e12],
]);

/** The number that a text stands for, and half a unit of its last digit. A share is in percent. */
function read(text: string): { stands: number; halfUnit: number } {
  let stands = 0;
  let halfUnit = 0;
  for (const [, digits = "", unit = ""] of text.matchAll(/(\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s?([%µ\w]*)/g)) {
    const size = SIZES.get(unit) ?? 1;
    const [mantissa = "", exponent = "0"] = digits.split("e");
    const decimals = mantissa.split(".")[1]?.length ?? 0;
    stands += Number(digits) * size;
    halfUnit = 0.5 * 10 ** (Number(exponent) - decimals) * size;
  }
  return { stands: text.startsWith("-") ? -stands : stands, halfUnit };
}

const quantity = fc.constantFrom(...(Object.keys(METRICS) as Quantity[]));
const value = fc.oneof(
  fc.double({ min: -1e12, max: 1e12, noNaN: true }),
  fc.double({ min: 0, max: 100, noNaN: true }),
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constantFrom(0, 0.9996, 59.97, 60, 3599.7, 86_399, 1023.7, 1024 ** 2 - 1, 999_999.6),
);
/** Limits such as people write, and values as near to them as floating point allows. */
const limit = fc.oneof(
  fc.constantFrom(0, 0.99, 0.9995, 0.57, 1, 85, 99, 99.95, 100, 1e9, 3600, 90),
  fc.integer({ min: -1000, max: 100_000 }),
);
const nearness = fc.integer({ min: 0, max: 16 }).map((digits) => 10 ** -digits);

describe("a value as a text", () => {
  it("reads back to the value within half a unit of its last digit, and keeps three digits", () => {
    fc.assert(
      fc.property(quantity, value, (kind, number) => {
        const { stands, halfUnit } = read(inHumanUnits(number, kind));
        const amount = kind === "share" ? number * 100 : number;
        const limitOfDuration = kind === "duration" && Math.abs(number) >= 60 ? 0.021 : 0.0051;
        const isRemainder = Math.abs(amount) < 1e-9;
        expect(Math.abs(stands - amount)).toBeLessThanOrEqual(
          isRemainder ? 1e-9 : limitOfDuration * Math.abs(amount),
        );
        if (kind !== "duration" && !isRemainder)
          // Digits that are 0 at the end are not shown, so a unit may be smaller than it seems.
          expect(Math.abs(stands - amount)).toBeLessThanOrEqual(halfUnit * (1 + 1e-9));
      }),
      { numRuns: 2000 },
    );
  });

  it("never falls where the value rises", () => {
    fc.assert(
      fc.property(quantity, value, value, (kind, one, other) => {
        const [low, high] = one < other ? [one, other] : [other, one];
        expect(read(inHumanUnits(low, kind)).stands).toBeLessThanOrEqual(
          read(inHumanUnits(high, kind)).stands,
        );
      }),
      { numRuns: 2000 },
    );
  });

  it("has no -0 and no noise of the arithmetic", () => {
    fc.assert(
      fc.property(quantity, value, (kind, number) => {
        const text = inHumanUnits(number, kind);
        expect(text).not.toMatch(/^-0(?![.\d])/);
        expect(text).not.toMatch(/[1-9]\d*\.\d{3}|0\.0*[1-9]\d{3}/);
      }),
    );
  });
});

describe("a value beside its limit", () => {
  it("differs from the limit, and lies on its side of it, as near as it may be", () => {
    fc.assert(
      fc.property(quantity, limit, nearness, fc.boolean(), (kind, bar, near, isAbove) => {
        const current = bar + (isAbove ? near : -near) * Math.max(1, Math.abs(bar));
        fc.pre(current !== bar);
        const texts = textsOf({ current, limit: bar }, writerOf(METRICS[kind]));
        expect(texts.current).not.toBe(texts.limit);
        const just = `just ${isAbove ? "above" : "below"} ${texts.limit}`;
        if (texts.current === just) return;
        const [value, threshold] = [read(texts.current).stands, read(texts.limit).stands];
        expect(Math.sign(value - threshold), `${texts.current} beside ${texts.limit}`).toBe(isAbove ? 1 : -1);
      }),
      { numRuns: 5000 },
    );
  });

  it("is the limit where it equals the limit", () => {
    fc.assert(
      fc.property(quantity, limit, (kind, bar) => {
        const texts = textsOf({ current: bar, limit: bar }, writerOf(METRICS[kind]));
        expect(texts.current).toBe(texts.limit);
      }),
    );
  });

  it.each([
    ["share", 0.9896, 0.99, "98.96%", "99%"],
    ["share", 0.97, 0.9995, "97%", "99.95%"],
    ["duration", 0.9996, 1, "999.6 ms", "1 s"],
    ["duration", 3601, 3600, "1 h 1 s", "1 h"],
    ["bytes", 1.0001e9, 1e9, "954 MiB", "953.7 MiB"],
    ["bytes", 999_999_999, 1e9, "953.7 MiB", "954 MiB"],
    ["percent", 84.96, 85, "84.96%", "85%"],
    ["percent", 50, 85, "50%", "85%"],
    ["share", 0.9, 0.12345678, "90%", "12.345678%"],
    ["share", 0.9, 0.123456789, "90%", "12.3%"],
    ["number", 2, 1.2345678, "2 messages", "1.2345678 messages"],
    ["number", 2, 1.23456789, "2 messages", "1.23 messages"],
    ["number", 1_000_001, 1e6, "1.000001 million messages", "1 million messages"],
  ] as const)(
    "is shown as a %s with as many digits as it takes: %d beside %d",
    (kind, current, bar, value, threshold) => {
      const texts = textsOf({ current, limit: bar }, writerOf(METRICS[kind]));
      expect([texts.current, texts.limit]).toEqual([value, threshold]);
    },
  );
});

describe("a forecast as a text", () => {
  it("has at most the digits of its interval, and one at least", () => {
    fc.assert(
      fc.property(value, fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (predicted, width) => {
        const shown = { predicted, lower: predicted - width / 2, upper: predicted + width / 2 };
        const { stands } = read(textsOf({ current: -1e15, ...shown }, writerOf(METRICS.percent)).predicted);
        const actualWidth = shown.upper - shown.lower;
        fc.pre(actualWidth > 0);
        expect(Math.abs(stands - predicted)).toBeLessThanOrEqual(
          Math.max(actualWidth / 20, 0.005 * Math.abs(predicted), 1e-9) * (1 + 1e-9),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it("has bounds with the same digits", () => {
    const texts = textsOf(
      { current: 0.2, predicted: 0.5654, lower: 0.5538, upper: 0.6842 },
      writerOf(METRICS.duration),
    );
    expect(texts).toEqual({
      current: "200 ms",
      predicted: "570 ms",
      lower: "550 ms",
      upper: "680 ms",
      limit: "",
    });
  });

  it("shows which way it goes", () => {
    const current = 1000;
    const shown = { predicted: 1001.2, lower: 1000.9, upper: 1001.4 };
    expect(textsOf({ current, ...shown, showsChange: true }, writerOf(METRICS.usd))).toMatchObject({
      current: "1000 USD",
      predicted: "1001 USD",
    });
    const { current: from, predicted: to } = textsOf(
      { current: 0.9961, predicted: 0.9962, lower: 0.9962, upper: 0.9962, showsChange: true },
      writerOf(METRICS.share),
    );
    expect([from, to]).toEqual(["99.61%", "99.62%"]);
    expect(textsOf({ current: 50.0001, predicted: 50.0002 }, writerOf(METRICS.percent))).toMatchObject({
      current: "50%",
      predicted: "50%",
    });
  });
});
