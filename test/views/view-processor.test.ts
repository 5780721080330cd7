import { describe, expect, it } from "vitest";
import type { MeasuredMetric } from "../../src/core/measured-metric.ts";
import type { Labels } from "../../src/core/series-key.ts";
import type { WindowSpan } from "../../src/core/windowed-number.ts";
import { atOnce } from "../../src/core/yielding-runner.ts";
import type { ForecastView, MeasuredNumber } from "../../src/views/forecast-view.ts";
import { type IsGone, ViewProcessor } from "../../src/views/view-processor.ts";

const span: WindowSpan = {
  coveredSeconds: 10,
  fullSeconds: 10,
  ahead: () => ({ begunSlices: 0, coveredSeconds: 10, comingSeconds: 0 }),
};

function view(
  instrument: string,
  number: MeasuredNumber,
  by: ForecastView["by"],
  name: string,
): ForecastView {
  return { instruments: [instrument], by, outputs: [{ name, number, isPublished: true, isForecast: true }] };
}

function measured(
  name: string,
  kind: "level" | "increment",
  ...points: { labels: Labels; value: number }[]
): MeasuredMetric {
  return { scope: "app", name, unit: "", description: "", kind, points };
}

function processor(
  views: readonly ForecastView[],
  options: { maxSelections?: number; keepsLevels?: boolean } = {},
) {
  const processed = new ViewProcessor({ views, slices: 2, maxSelections: 10, ...options });
  const done = <Result>(steps: Iterator<unknown, Result>): Result => {
    for (;;) {
      const { done: isDone, value } = steps.next();
      if (isDone === true) return value;
    }
  };
  return {
    views: processed,
    take: (metrics: readonly MeasuredMetric[], now = 0) => done(processed.take(metrics, now)),
    values: () =>
      done(processed.values(span)).map(({ key, value }) => [key.metric, { ...key.labels }, value]),
  };
}

/** Values of a histogram with these boundaries, all in its first bucket. */
function recorded(count: number, boundaries: readonly number[], labels: Labels = {}): MeasuredMetric {
  const counts = [count, ...boundaries.map(() => 0)];
  const value = { kind: "explicit", count, sum: count, boundaries, counts } as const;
  const base = { scope: "app", name: "effort", unit: "", description: "" };
  return { ...base, kind: "histogram", points: [{ labels, value }] };
}

const queue = (value: number, labels: Labels = {}) => measured("queue.size", "level", { labels, value });
const orders = (value: number, labels: Labels = {}) => measured("orders", "increment", { labels, value });

describe("what the views have used", () => {
  it("are the views that have selected a series, and all instruments that were measured", () => {
    const { views, take } = processor([
      view("queue.length", "level", "all", "length"),
      view("queue.size", "level", "all", "size"),
      view("orders", "total", "all", "orders"),
    ]);
    expect(views.use).toEqual({ used: new Set(), instruments: new Set() });
    take([
      queue(1),
      measured("temperature", "level", { labels: {}, value: 21 }),
      measured("orders", "increment"),
    ]);
    expect(views.use).toEqual({
      used: new Set([1]),
      instruments: new Set(["queue.size", "temperature", "orders"]),
    });
    take([orders(1)]);
    expect(views.use.used).toEqual(new Set([1, 2]));
  });
});

it("a view that makes nothing of an instrument of a kind has not selected it, and takes no room", () => {
  const { views, take, values } = processor(
    [view("orders", "level", "all", "level"), view("orders", "total", "all", "orders_total")],
    { maxSelections: 1 },
  );
  take([orders(3)]);
  expect(views.use.used).toEqual(new Set([1]));
  expect(values()).toEqual([["orders_total", {}, 3]]);
  expect(views.takeDropped().count).toBe(0);
});

describe("points that find no room", () => {
  it("are counted with the first series of them, until they are asked for", () => {
    const { views, take, values } = processor([view("orders", "total", ["shop"], "orders_total")], {
      maxSelections: 1,
    });
    take([
      orders(1, { shop: "a", item: "x" }),
      orders(2, { shop: "b", item: "y" }),
      orders(4, { shop: "c" }),
    ]);
    expect(values()).toEqual([["orders_total", { shop: "a" }, 1]]);
    expect(views.takeDropped()).toEqual({
      count: 2,
      example: { metric: "orders_total", labels: { shop: "b" } },
    });
    expect(views.takeDropped()).toEqual({ count: 0, example: undefined });
  });

  it("are those of a sum, too, that has as many parts as it may have", () => {
    const { views, take, values } = processor([view("queue.size", "level", [], "queue")], {
      maxSelections: 2,
    });
    take([queue(1, { shop: "a" }), queue(2, { shop: "b" }), queue(4, { shop: "c" })]);
    expect(values()).toEqual([["queue", {}, 3]]);
    expect(views.takeDropped()).toEqual({ count: 1, example: { metric: "queue", labels: { shop: "c" } } });
  });

  it("have room again when a series is forgotten, whose keys are given back", () => {
    const { views, take, values } = processor([view("orders", "total", ["shop"], "orders_total")], {
      maxSelections: 1,
    });
    take([orders(1, { shop: "a" })], 5);
    const heard: unknown[] = [];
    const gone: unknown[] = [];
    const isGone: IsGone = (labels, lastHeardAt, scope) => {
      heard.push([{ ...labels }, lastHeardAt, scope]);
      return true;
    };
    atOnce(views.forget(isGone, { onGone: (keys) => gone.push(...keys) }));
    expect(heard).toEqual([[{ shop: "a" }, 5, undefined]]);
    expect(gone).toEqual([{ metric: "orders_total", labels: { shop: "a" } }]);
    expect(values()).toEqual([]);
    take([orders(2, { shop: "b" })]);
    take([orders(3, { shop: "a" })]);
    expect(values()).toEqual([["orders_total", { shop: "b" }, 2]]);
  });
});

it("pauses while it looks for what has gone, and leaves what is selected anew in a pause", () => {
  const { views, take, values } = processor([view("orders", "total", ["shop"], "orders_total")], {
    maxSelections: 200,
  });
  const shops = Array.from({ length: 100 }, (_, shop) => `${shop}`);
  take(
    shops.map((shop) => orders(1, { shop })),
    1,
  );
  const gone: unknown[] = [];
  const isGone: IsGone = ({ shop }, lastHeardAt) => lastHeardAt === 1 && (shop === "0" || shop === "99");
  const forgetting = views.forget(isGone, { onGone: ([key]) => gone.push(key?.labels.shop) });
  forgetting.next();
  expect(gone).toEqual(["0"]);
  take([orders(5, { shop: "0" })], 2);
  expect([...forgetting].length).toBeGreaterThan(3);
  expect(gone).toEqual(["0", "99"]);
  expect(values().length).toBe(99);
});

describe("a level that is no longer measured", () => {
  const views = [view("queue.size", "level", "all", "each"), view("queue.size", "level", [], "sum")];
  const first = [queue(1, { shop: "a" }), queue(2, { shop: "b" })];

  it("counts until its source has gone", () => {
    const { views: kept, take, values } = processor(views);
    take(first, 1);
    take([queue(4, { shop: "b" })], 2);
    expect(values()).toEqual([
      ["each", { shop: "a" }, 1],
      ["sum", {}, 5],
      ["each", { shop: "b" }, 4],
    ]);
    atOnce(kept.forget((labels) => labels.shop === "a", { onGone() {} }));
    expect(values()).toEqual([
      ["sum", {}, 4],
      ["each", { shop: "b" }, 4],
    ]);
  });

  it("counts in its collection only, where levels are not kept", () => {
    const { take, values } = processor(views, { keepsLevels: false });
    take(first, 1);
    take([queue(4, { shop: "b" })], 2);
    expect(values()).toEqual([
      ["sum", {}, 4],
      ["each", { shop: "b" }, 4],
    ]);
  });
});

it("the series of levels are known before they are taken, with those that find room", () => {
  const { views } = processor(
    [view("queue.size", "level", "all", "each"), view("queue.size", "level", ["shop"], "sum")],
    { maxSelections: 1 },
  );
  const metrics = [queue(1, { shop: "a" }), orders(1, { shop: "a" }), queue(2, { shop: "b" })];
  expect(views.levelsOf(metrics, 0).map(({ key, value }) => [key.metric, key.labels, value])).toEqual([
    ["each", { shop: "a" }, 1],
  ]);
  expect(views.takeDropped().count).toBe(1);
});

describe("values of a histogram", () => {
  const p95 = view("effort", "quantile", [], "effort.p95");

  it("that other buckets take from the window are told, with one of the series", () => {
    const { views, take } = processor([p95]);
    take([recorded(3, [1, 2]), recorded(2, [1, 2])]);
    expect(views.takeEmptied()).toEqual({ count: 0, example: undefined });
    take([recorded(1, [5], { of: "another" })]);
    expect(views.takeEmptied()).toMatchObject({ count: 5, example: { metric: "effort_p95" } });
    expect(views.takeEmptied().count).toBe(0);
  });

  it("are not lost for a rate", () => {
    const { views, take } = processor([view("effort", "rate", [], "effort.rate")]);
    take([recorded(3, [1, 2]), recorded(1, [5])]);
    expect(views.takeEmptied().count).toBe(0);
  });
});
