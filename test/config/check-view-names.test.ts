import { expect, it } from "vitest";
import { checkViewNames, remarksOnViews } from "../../src/config/check-view-names.ts";
import type { ForecastView, MeasuredNumber } from "../../src/views/forecast-view.ts";

function view(instrument: string, number: MeasuredNumber, more: Partial<ForecastView> = {}): ForecastView {
  const outputs = [{ name: "made", number, isPublished: true, isForecast: true }];
  return { instruments: [instrument], by: "all", outputs, ...more };
}

/** The keys of the mistakes in a view, and of the remarks on it. */
function found(given: ForecastView): { mistakes: string[]; remarks: string[] } {
  const [mistakes, remarks] = [checkViewNames, remarksOnViews].map((check) =>
    check([given], "ai_cloud").map(({ path }) => path.join(".")),
  ) as [string[], string[]];
  return { mistakes, remarks };
}

it.each([
  ["of the application", view("orders", "quantile"), [], []],
  ["of everything: the application may have the number", view("*", "quantile", { by: ["customer"] }), [], []],
  ["of ours by a pattern", view("ai_cloud.task*", "quantile"), [], []],
  ["of ours with a slip", view("ai_cloud.task.duratoin", "quantile"), ["views.0.instrument"], []],
  ["of a pattern that is none of ours", view("ai_cloud.orders*", "rate"), [], ["views.0.instrument"]],
  ["with a number that ours can't give", view("ai_cloud.cost*", "quantile"), ["views.0.number"], []],
  ["by an attribute of ours", view("ai_cloud.cost", "rate", { by: ["agent"] }), [], []],
  ["by an attribute that ours lack", view("ai_cloud.cost", "rate", { by: ["customer"] }), ["views.0.by"], []],
  ["where an attribute of ours fits", view("ai_cloud.cost", "rate", { where: { agent: "a*" } }), [], []],
  [
    "where an attribute is that ours lack",
    view("ai_cloud.cost", "rate", { where: { customer: "a*" } }),
    ["views.0.where.customer"],
    [],
  ],
  [
    "where an attribute is not",
    view("ai_cloud.cost", "rate", { where: { customer: "", team: "!a" } }),
    [],
    [],
  ],
] as const)("a view %s", (_, given, mistakes, remarks) => {
  expect(found(given)).toEqual({ mistakes, remarks });
});
