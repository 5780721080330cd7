import type { MeasuredMetric } from "../core/measured-metric.ts";
import { RememberedPlaces } from "../core/remembered-places.ts";
import type { Labels } from "../core/series-key.ts";
import type { ForecastView } from "./forecast-view.ts";
import { compileAny, compileFilter, compilePattern } from "./pattern.ts";
import { canGive, type ResolvedOutput, resolveOutput } from "./resolved-output.ts";
import type { Selection } from "./selection.ts";
import { groupingOf, scopeForViews } from "./totals-of-today.ts";

/** A view whose patterns are compiled. */
export interface CompiledView {
  readonly view: ForecastView;
  readonly index: number;
  selects(metric: MeasuredMetric): boolean;
  keeps(labels: Labels, source?: Labels): boolean;
}

/**
 * A view for one instrument: its resolved outputs, and the group whose selections they use.
 */
export interface Route {
  readonly compiled: CompiledView;
  /** Attributes that distinguish the series of this instrument. */
  readonly by: ForecastView["by"];
  readonly outputs: readonly ResolvedOutput[];
  readonly group: string;
  /** The selections of the points of the last collection, by the labels of each point. */
  readonly selections: RememberedPlaces<Labels, Selection>;
}

/** Compiles views, in the order of their rank. */
export function compileViews(views: readonly ForecastView[]): CompiledView[] {
  return views.map(compileView);
}

/** The views that make something of an instrument. */
export function routesOf(views: readonly CompiledView[], metric: MeasuredMetric): Route[] {
  return views
    .filter((compiled) => compiled.selects(metric))
    .flatMap((compiled) => routeOf(compiled, metric) ?? []);
}

function compileView(view: ForecastView, index: number): CompiledView {
  const isNamed = compileAny(view.instruments);
  const isExcept = compileAny(view.except ?? []);
  const isScoped = compilePattern(view.scope ?? "*");
  const isForeign = compileAny(view.exceptScopes ?? []);
  return {
    view,
    index,
    selects: (metric) =>
      isNamed(metric.name) &&
      !isExcept(metric.name) &&
      isScoped(scopeForViews(metric)) &&
      !isForeign(metric.scope) &&
      (view.kinds?.includes(metric.kind) ?? true),
    keeps: compileFilter(view.where),
  };
}

/**
 * `undefined` if the view makes nothing of the metric. Instruments whose outputs have the same
 * names share their selections. So a ratio can be taken over two instruments.
 */
function routeOf(compiled: CompiledView, metric: MeasuredMetric): Route | undefined {
  const by = groupingOf(compiled.view.by, metric);
  const outputs = compiled.view.outputs
    .filter((spec) => canGive(metric.kind, spec.number))
    .map((spec) => resolveOutput(compiled.view, compiled.index, spec, metric));
  if (by === undefined || outputs.length === 0) return undefined;
  return {
    compiled,
    by,
    outputs,
    selections: new RememberedPlaces(),
    group: `${compiled.index}\u0000${outputs.map((output) => output.metric).join()}`,
  };
}

/**
 * The part of a selection's id that its labels make. It is the id of a series with these labels and an
 * empty name.
 */
export function labelsPartOf(selectionId: string): string {
  // The group of a route has one such character; each label begins with one.
  const inGroup = selectionId.indexOf("\u0000");
  const start = selectionId.indexOf("\u0000", inGroup + 1);
  return start < 0 ? "" : selectionId.slice(start);
}
