import { describe, expect, it } from "vitest";
import { toForecastView } from "../../../src/config/view-entry.ts";
import type { MeasuredMetric } from "../../../src/core/measured-metric.ts";
import { questionOf } from "../../../src/gateway/sources/question-of.ts";
import { defaultViews } from "../../../src/views/default-views.ts";
import type { ForecastView } from "../../../src/views/forecast-view.ts";
import { compileViews, routesOf } from "../../../src/views/view-routes.ts";

const WINDOW = 300_000;

const metric = (name: string, unit: string, kind: MeasuredMetric["kind"]): MeasuredMetric =>
  ({ scope: "app", name, unit, description: "", kind, points: [] }) as MeasuredMetric;

/** The expressions that the outputs of views are asked for by. */
function asked(views: readonly ForecastView[], measured: MeasuredMetric): (string | undefined)[] {
  return routesOf(compileViews(views), measured).flatMap(({ outputs }) =>
    outputs.map((output) => questionOf(output, WINDOW)?.expression("")),
  );
}

describe("the past of a pushed series", () => {
  const usual = defaultViews("ai_cloud");

  it("is that of the gauge, of the counter's rate, and of the histogram's percentile", () => {
    expect(asked(usual, metric("queue.depth", "", "level"))).toEqual(["queue_depth"]);
    expect(asked(usual, metric("claude_code.cost.usage", "USD", "increment"))).toEqual([
      "rate(claude_code_cost_usage_USD_total[300000ms])",
    ]);
    expect(asked(usual, metric("shop.orders.total", "{order}", "increment"))).toEqual([
      "rate(shop_orders_total[300000ms])",
    ]);
    expect(asked(usual, metric("http.server.request.duration", "s", "histogram")).at(-1)).toBe(
      "histogram_quantile(0.95, rate(http_server_request_duration_seconds_bucket[300000ms]))",
    );
  });

  it("is summed over what a view does not distinguish", () => {
    const view = toForecastView({ instrument: "shop.*", number: "rate", by: ["http.route"] });
    expect(asked([view], metric("shop.orders", "", "increment"))).toEqual([
      "sum by (http_route) (rate(shop_orders_total[300000ms]))",
    ]);
    const quantile = toForecastView({ instrument: "d", number: "quantile", quantile: 0.999, by: [] });
    expect(asked([quantile], metric("d", "ms", "histogram"))).toEqual([
      "histogram_quantile(0.999, sum by (le) (rate(d_milliseconds_bucket[300000ms])))",
    ]);
  });

  it.each([
    ["a ratio", { number: "ratio", of: { a: "b" } }, "increment"],
    ["a mean", { number: "mean" }, "histogram"],
    ["a part of the points", { number: "rate", where: { a: "b" } }, "increment"],
    ["a part of the counts", { number: "rate", of: { a: "b" } }, "increment"],
    ["a name of its own", { number: "rate", name: "speed" }, "increment"],
    ["a name of its own that looks like another", { number: "quantile", name: "x.p95" }, "histogram"],
    ["a level with a name of its own", { number: "level", name: "other" }, "level"],
  ] as const)("is not known of %s", (_, entry, kind) => {
    const view = toForecastView({ instrument: "shop.orders", ...entry } as Parameters<
      typeof toForecastView
    >[0]);
    expect(asked([view], metric("shop.orders", "", kind))).toEqual([undefined]);
  });
});
