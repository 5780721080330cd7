import { describe, expect, it, vi } from "vitest";
import { MetricsSerializer } from "../../src/prometheus/serialize.ts";
import { gauge, resourceMetrics } from "./metric-data.ts";
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
