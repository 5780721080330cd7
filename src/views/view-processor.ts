import type { MeasuredMetric } from "../core/measured-metric.ts";
import { type Labels, type SeriesKey, seriesId } from "../core/series-key.ts";
import type { Steps } from "../core/yielding-runner.ts";
import { BestValues, type Completions } from "./best-values.ts";
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

/**
 * A view with its outputs named for one instrument, and the group that its selections are kept
 * under.
 */
interface Route {
  readonly compiled: CompiledView;
  readonly outputs: readonly ResolvedOutput[];
  readonly group: string;
}

/**
 * Whether a source has gone, by its labels, when it was last heard of, and the scope that its view
 * asks for.
 */
export type IsGone = (labels: Labels, lastHeardAt: number, scope?: string) => boolean;

/**
 * Turns what instruments measured into one number for each series and tick, by the views. Holds a
 * sliding window for each selection, at most `maxSelections` of them; what comes beyond is dropped
 * and counted.
 */
export class ViewProcessor {
  readonly #views: readonly CompiledView[];
  readonly #slices: number;
  readonly #maxSelections: number;
  #dropped = 0;
  readonly #routes = new Map<string, readonly Route[]>();
  readonly #selections = new Map<string, Selection>();
  readonly #completions: Completions = new Map();

  constructor(options: { views: readonly ForecastView[]; slices: number; maxSelections: number }) {
    this.#views = options.views.map(compileView);
    this.#slices = options.slices;
    this.#maxSelections = options.maxSelections;
  }

  /** Moves every window on by one slice. */
  *advance(): Steps<void> {
    for (const selection of this.#selections.values()) {
      selection.advance();
      yield;
    }
  }

  /** Takes what was measured since the call before. */
  *take(metrics: readonly MeasuredMetric[], now: number): Steps<void> {
    for (const metric of metrics) {
      const routes = this.#routesOf(metric);
      if (routes.length === 0) continue;
      for (const point of metric.points) {
        for (const route of routes) {
          if (!route.compiled.keeps(point.labels)) continue;
          this.#selectionFor(route, point.labels, now)?.take(metric, point, now);
        }
        yield;
      }
    }
  }

  /** The numbers of now, one for each series: of several views that give one, the first wins. */
  *values(coveredSeconds: number): Steps<ViewValue[]> {
    const best = new BestValues(this.#completions);
    for (const selection of this.#selections.values()) {
      for (const value of selection.values(coveredSeconds)) best.take(value);
      yield;
    }
    return best.list();
  }

  /** Points that found no room since the call before. */
  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }

  /**
   * The series that levels will be known as, before they are taken; what finds no room is dropped
   * and counted.
   */
  levelsOf(metrics: readonly MeasuredMetric[], now: number): ViewValue[] {
    const best = new BestValues(this.#completions);
    for (const metric of metrics) {
      if (metric.kind !== "level") continue;
      for (const { labels, value } of metric.points) {
        for (const output of this.#levelOutputs(metric, labels, now)) {
          const key = { metric: output.metric, labels };
          best.take({ output, key, id: seriesId(key), value });
        }
      }
    }
    return best.list();
  }

  /** Forgets the selections for which the test holds; gives the keys of their series. */
  forget(isGone: IsGone): SeriesKey[] {
    const gone: SeriesKey[] = [];
    for (const [id, selection] of this.#selections) {
      if (!isGone(selection.labels, selection.lastHeardAt, selection.scope)) continue;
      this.#selections.delete(id);
      gone.push(...selection.seriesKeys);
    }
    return gone;
  }

  *#levelOutputs(metric: MeasuredMetric, labels: Labels, now: number): Iterable<ResolvedOutput> {
    for (const route of this.#routesOf(metric)) {
      const { view, keeps } = route.compiled;
      if (view.by !== "all" || !keeps(labels)) continue;
      if (this.#selectionFor(route, labels, now) === undefined) continue;
      yield* route.outputs.filter(({ spec }) => spec.number === "level");
    }
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

/**
 * Instruments that a view names alike share their selections, so that a ratio can be taken over two
 * of them.
 */
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
