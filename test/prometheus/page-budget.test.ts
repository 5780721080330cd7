import { describe, expect, it, vi } from "vitest";
import { groupIntoFamilies } from "../../src/prometheus/metric-families.ts";
import { fitToPage } from "../../src/prometheus/page-budget.ts";
import { MetricsSerializer } from "../../src/prometheus/serialize.ts";
import { gauge, type MetricSpec, resourceMetrics } from "./metric-data.ts";
import { parseTextFormat } from "./text-format.ts";

const LIMIT = 20_000;

function series(name: string, count: number) {
  return gauge(name, ...Array.from({ length: count }, (_, i) => [{ id: `${i}` }, i] as const));
}

async function page(scopes: Parameters<typeof resourceMetrics>[0], limit = LIMIT) {
  const onDropped = vi.fn();
  const serializer = new MetricsSerializer(onDropped, limit);
  const metrics = [resourceMetrics(scopes)];
  const text = Buffer.concat(await serializer.serialize(metrics)).toString();
  const again = Buffer.concat(await serializer.serialize(metrics)).toString();
  expect(again).toBe(text);
  const shown = [...parseTextFormat(text).values()].map(({ name, samples }) => [name, samples.length]);
  return { text, shown: Object.fromEntries(shown), dropped: onDropped.mock.calls.map(([it]) => it) };
}

describe("a page", () => {
  it("is whole while it is within its limit", async () => {
    const { shown, dropped } = await page({ app: [series("a", 50), series("b", 3)] });
    expect(shown).toEqual({ a: 50, b: 3 });
    expect(dropped).toEqual([]);
  });

  it("shows small metrics whole, and as much of large ones as there is room", async () => {
    const { text, shown, dropped } = await page({
      app: [series("large", 10_000), series("small", 3), series("larger", 20_000)],
    });
    expect(text.length).toBeLessThanOrEqual(LIMIT);
    expect(text.length).toBeGreaterThan(LIMIT / 3);
    expect(shown.small).toBe(3);
    expect(Math.abs(shown.large - shown.larger)).toBeLessThan(30);
    expect(dropped).toContainEqual({
      metric: "large",
      reason: "page-full",
      points: 10_000 - shown.large,
    });
  });

  it("shows our own metrics first where the application invents metrics without end", async () => {
    const many = Array.from({ length: 2000 }, (_, i) => series(`m${i}`, 1));
    const { text, shown } = await page({ app: many, "otel-forecast": [series("ours", 20)] });
    expect(text.length).toBeLessThanOrEqual(LIMIT);
    expect(shown.ours).toBe(20);
    expect(shown.m0).toBe(1);
    expect(shown.m1999).toBeUndefined();
  });
});

describe("counting the size of a page", () => {
  const POINTS = 10_000;
  const buckets = { buckets: { boundaries: [1], counts: [1, 1] }, sum: 2, count: 2 };

  it.each([
    ["a gauge that is shown whole", series("a", POINTS), 1e9],
    ["a gauge that is cut", series("a", POINTS), LIMIT],
    ["a histogram", { ...series("a", POINTS), ...histogramOf(POINTS) }, 1e9],
  ])("pauses again and again: %s", (_, metric, limit) => {
    const families = groupIntoFamilies([resourceMetrics({ app: [metric] })], () => {});
    const labelled = families.map((family) => ({
      family,
      texts: Array.from({ length: POINTS }, (_, i) => `id="${i}"`),
    }));
    const pauses = [...fitToPage(labelled, limit)].length;
    expect(pauses).toBeGreaterThan(POINTS / 50);
    // A pause takes longer than a step: there are fewer, also in three walks over the points.
    expect(pauses).toBeLessThan(POINTS / 5);
  });

  function histogramOf(count: number): MetricSpec {
    const points = Array.from({ length: count }, (_, i) => [{ id: `${i}` }, buckets] as const);
    return { name: "a", kind: "histogram", points };
  }
});

/** The size of a page with some points, and the smallest limit with which nothing is cut. */
async function sizesOf(kind: NonNullable<MetricSpec["kind"]>, value: unknown, counts: readonly number[]) {
  const scopes = counts.map((count, scope) => {
    const points = Array.from({ length: count }, (_, i) => [{ id: `${scope} ${i}` }, value] as const);
    return [`app ${scope}`, [{ name: "a", kind, points }]] as const;
  });
  const given = Object.fromEntries(scopes);
  const { text } = await page(given, 2 ** 20);
  let [least, most] = [0, 2 ** 20];
  while (most - least > 1) {
    const limit = (least + most) >> 1;
    const { dropped } = await page(given, limit);
    if (dropped.length === 0) most = limit;
    else least = limit;
  }
  return { bytes: text.length, limit: most };
}

/** By how much the page and the limit grow with five more points. */
async function growth(...given: readonly [kind: NonNullable<MetricSpec["kind"]>, value: unknown]) {
  const [few, more] = [await sizesOf(...given, [10]), await sizesOf(...given, [15])];
  expect(few.limit).toBeGreaterThanOrEqual(few.bytes);
  // The points of several scopes count as those of one do; only their labels are longer.
  const apart = await sizesOf(...given, [6, 9]);
  expect(Math.abs(apart.limit - more.limit - (apart.bytes - more.bytes))).toBeLessThan(more.limit / 10);
  return { bytes: more.bytes - few.bytes, limit: more.limit - few.limit };
}

describe("the room for a point", () => {
  const LONGEST = -1.2345678901234567e-308;
  /** Of a bucket of the metric `a` with the label `id="0 10"`. */
  const LONGEST_LINE = 83;

  it("is that for its line with the longest number", async () => {
    const { bytes, limit } = await growth("gauge", LONGEST);
    expect(limit).toBe(bytes);
  });

  it("is that for all lines of a histogram, by the number of its buckets", async () => {
    const buckets = { boundaries: [LONGEST, 2e300], counts: [1e15, 1e15, 1e15] };
    const { bytes, limit } = await growth("histogram", { buckets, sum: LONGEST, count: 3e15 });
    expect(limit).toBeGreaterThanOrEqual(bytes);
    expect(limit).toBe(5 * 6 * LONGEST_LINE);
  });

  it("is that for as many lines as an exponential histogram can have", async () => {
    const bucketCounts = Array<number>(160).fill(1e13);
    const positive = { offset: -80, bucketCounts };
    const value = { positive, negative: positive, scale: 0, zeroCount: 1, sum: LONGEST, count: 3e15 };
    const { bytes, limit } = await growth("exponential", value);
    expect(limit).toBeGreaterThanOrEqual(bytes);
    expect(limit).toBe(5 * 325 * LONGEST_LINE);
  });
});
