import type { MeasuredMetric } from "../../core/measured-metric.ts";
import { type Labels, type SeriesKey, seriesId } from "../../core/series-key.ts";
import type { ForecastView, MeasuredNumber } from "./forecast-view.ts";
import { compileAny, compileFilter, compilePattern } from "./pattern.ts";
import { type ResolvedOutput, resolveOutput } from "./resolved-output.ts";
import { Selection, type ViewValue } from "./selection.ts";

interface CompiledView {
  readonly view: ForecastView;
  readonly index: number;
  selects(metric: MeasuredMetric): boolean;
  keeps(labels: Labels): boolean;
}

/** A view with its outputs named for one instrument, and the group that its selections are kept under. */
interface Route {
  readonly compiled: CompiledView;
  readonly outputs: readonly ResolvedOutput[];
  readonly group: string;
}

/**
 * Turns what instruments measured into one number for each series and tick, by the views. Holds a sliding window for
 * each selection, at most `maxSelections` of them; what comes beyond is dropped and counted.
 */
export class ViewProcessor {
  readonly #views: readonly CompiledView[];
  readonly #slices: number;
  readonly #maxSelections: number;
  #dropped = 0;
  readonly #routes = new Map<string, readonly Route[]>();
  readonly #selections = new Map<string, Selection>();

  constructor(options: { views: readonly ForecastView[]; slices: number; maxSelections: number }) {
    this.#views = options.views.map(compileView);
    this.#slices = options.slices;
    this.#maxSelections = options.maxSelections;
  }

  /** Moves every window on by one slice. */
  advance(): void {
    for (const selection of this.#selections.values()) selection.advance();
  }

  /** Takes what was measured since the call before. */
  take(metrics: readonly MeasuredMetric[], now: number): void {
    for (const metric of metrics) {
      const routes = this.#routesOf(metric);
      if (routes.length === 0) continue;
      for (const point of metric.points) {
        for (const route of routes) {
          if (!route.compiled.keeps(point.labels)) continue;
          this.#selectionFor(route, point.labels, now)?.take(metric, point, now);
        }
      }
    }
  }

  /** The numbers of now, one for each series: of several views that give one, the first wins. */
  values(coveredSeconds: number): ViewValue[] {
    const best = new Map<string, ViewValue>();
    for (const selection of this.#selections.values()) {
      for (const value of selection.values(coveredSeconds)) {
        const known = best.get(value.id);
        if (known === undefined || value.output.rank < known.output.rank) best.set(value.id, value);
      }
    }
    return [...best.values()];
  }

  /** Points that found no room since the call before. */
  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }

  /** The series that levels will be known as, without taking them. */
  levelsOf(metrics: readonly MeasuredMetric[]): ViewValue[] {
    return metrics.flatMap((metric) => {
      const output = this.#routesOf(metric)[0]?.outputs[0];
      if (output === undefined || metric.kind !== "level") return [];
      return metric.points.map(({ labels, value }) => {
        const key = { metric: output.metric, labels };
        return { output, key, id: seriesId(key), value };
      });
    });
  }

  /** Forgets the selections for which the test holds; gives the keys of their series. */
  forget(isGone: (labels: Labels, lastHeardAt: number) => boolean): SeriesKey[] {
    const gone: SeriesKey[] = [];
    for (const [id, selection] of this.#selections) {
      if (!isGone(selection.labels, selection.lastHeardAt)) continue;
      this.#selections.delete(id);
      gone.push(...selection.seriesKeys);
    }
    return gone;
  }

  #selectionFor(route: Route, labels: Labels, now: number): Selection | undefined {
    const { by } = route.compiled.view;
    const grouped = by === "all" ? labels : pick(labels, by);
    const id = seriesId({ metric: route.group, labels: grouped });
    let selection = this.#selections.get(id);
    if (selection === undefined) {
      if (this.#selections.size >= this.#maxSelections) {
        this.#dropped += 1;
        return undefined;
      }
      selection = new Selection(grouped, route.outputs, this.#slices, now);
      this.#selections.set(id, selection);
    }
    return selection;
  }

  #routesOf(metric: MeasuredMetric): readonly Route[] {
    const id = `${metric.scope}\u0000${metric.name}\u0000${metric.kind}`;
    let routes = this.#routes.get(id);
    if (routes === undefined) {
      routes = this.#views
        .filter((compiled) => compiled.selects(metric))
        .map((compiled) => routeOf(compiled, metric))
        .filter((route) => route.outputs.length > 0);
      this.#routes.set(id, routes);
    }
    return routes;
  }
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
      isScoped(metric.scope) &&
      !isForeign(metric.scope) &&
      (view.kinds?.includes(metric.kind) ?? true),
    keeps: compileFilter(view.where),
  };
}

/** Instruments that a view names alike share their selections, so that a ratio can be taken over two of them. */
function routeOf(compiled: CompiledView, metric: MeasuredMetric): Route {
  const outputs = compiled.view.outputs
    .filter((spec) => canGive(metric.kind, spec.number))
    .map((spec) => resolveOutput(compiled.view, compiled.index, spec, metric));
  return {
    compiled,
    outputs,
    group: `${compiled.index}\u0000${outputs.map((output) => output.metric).join()}`,
  };
}

function canGive(kind: MeasuredMetric["kind"], number: MeasuredNumber): boolean {
  if (number === "mean") return kind !== "increment";
  if (number === "level") return kind === "level";
  if (number === "quantile") return kind === "histogram";
  return kind !== "level";
}

function pick(labels: Labels, names: readonly string[]): Labels {
  const picked: Record<string, string> = {};
  for (const name of names) if (labels[name] !== undefined) picked[name] = labels[name];
  return picked;
}
