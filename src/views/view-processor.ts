import type { MeasuredMetric, MeasuredPoint } from "../core/measured-metric.ts";
import type { HistogramPoint } from "../core/metric-point.ts";
import { type Labels, type SeriesKey, seriesId } from "../core/series-key.ts";
import { type Overflow, SeriesOverflow } from "../core/series-overflow.ts";
import type { WindowSpan } from "../core/windowed-number.ts";
import { Pace, type Steps } from "../core/yielding-runner.ts";
import { BestValues, type Completions } from "./best-values.ts";
import { Contests } from "./contests.ts";
import type { ForecastView } from "./forecast-view.ts";
import { groupOf, type LabelledPoint } from "./pattern.ts";
import type { ResolvedOutput } from "./resolved-output.ts";
import type { SavedSelection } from "./saved-selection.ts";
import { SavedSelections } from "./saved-selections.ts";
import { Selection } from "./selection.ts";
import { type CompiledView, compileViews, type Route, routesOf } from "./view-routes.ts";
import type { ViewValue } from "./view-value.ts";

/**
 * Whether a source has gone, by its labels, the time of its last point, and the scope of its view.
 */
export type IsGone = (labels: Labels, lastHeardAt: number, scope?: string) => boolean;

/** What the views have selected so far. */
export interface ViewUse {
  /** Indexes of the views that have selected something. */
  readonly used: ReadonlySet<number>;
  /** OpenTelemetry names of the instruments that were measured. */
  readonly instruments: ReadonlySet<string>;
}

/**
 * Applies the views: turns points of instruments into one number for each series at each
 * collection. It keeps a sliding window for each selection. Points of selections beyond
 * `maxSelections` are dropped and counted.
 */
export class ViewProcessor {
  readonly #views: readonly CompiledView[];
  readonly #routes = new Map<string, readonly Route[]>();
  readonly #instruments = new Set<string>();
  readonly #used = new Set<number>();
  readonly #slices: number;
  readonly #maxSelections: number;
  readonly #keepsLevels: boolean;
  /** The last collection, by a clock that nobody sets and by that of the machine. */
  #now = Number.NEGATIVE_INFINITY;
  #wallNow = 0;
  readonly #dropped = new SeriesOverflow();
  readonly #emptied = new SeriesOverflow();
  readonly #selections = new Map<string, Selection>();
  readonly #contests = new Contests();
  readonly #completions: Completions = new Map();
  /** The windows of the last process. */
  readonly restored: SavedSelections;

  /**
   * @param options.keepsLevels whether a level counts until its source has gone. Otherwise it counts
   * in the collection that has measured it. Default: it counts until then.
   */
  constructor(options: {
    views: readonly ForecastView[];
    slices: number;
    maxSelections: number;
    keepsLevels?: boolean;
  }) {
    this.#views = compileViews(options.views);
    this.#slices = options.slices;
    this.#maxSelections = options.maxSelections;
    this.#keepsLevels = options.keepsLevels ?? true;
    this.restored = new SavedSelections(options.slices);
  }

  /** The windows of all selections, as plain data. Each is as it is when it is read. */
  saved(): Iterable<SavedSelection> {
    return this.restored.saved(this.#selections);
  }

  /** Advances every window by one slice. */
  *advance(): Steps<void> {
    this.restored.begun += 1;
    this.restored.expire(this.#wallNow);
    const pace = new Pace();
    for (const selection of this.#selections.values()) {
      selection.advance();
      if (pace.isDue()) yield;
    }
  }

  /**
   * Takes the points since the previous call.
   *
   * @param now milliseconds of a clock that nobody sets.
   * @param wallNow epoch milliseconds, which decide what today is.
   */
  *take(metrics: readonly MeasuredMetric[], now: number, wallNow: number = now): Steps<void> {
    this.#now = now;
    this.#wallNow = wallNow;
    const pace = new Pace();
    for (const metric of metrics) {
      const routes = this.#routesOf(metric);
      if (routes.length === 0) continue;
      for (const { selections } of routes) selections.begin();
      for (const point of metric.points) {
        for (const route of routes)
          if (route.compiled.keeps(point.labels, point.source)) this.#takePoint(route, metric, point);
        if (pace.isDue()) yield;
      }
    }
  }

  #takePoint(
    route: Route,
    metric: MeasuredMetric,
    point: MeasuredPoint<number | HistogramPoint> & LabelledPoint,
  ): void {
    const selection = this.#remembered(route, point, this.#now);
    if (selection?.take(metric, point, this.#now, this.#wallNow) === false) this.#drop(route, point.labels);
    if (metric.kind === "histogram") this.#countEmptied(route, selection);
  }

  /** The current numbers, one for each series. If several views give one, the first view wins. */
  *values(span: WindowSpan): Steps<ViewValue[]> {
    const best = new BestValues(this.#completions);
    const pace = new Pace();
    const freshSince = this.#keepsLevels ? Number.NEGATIVE_INFINITY : this.#now;
    const time = { wallNow: this.#wallNow, freshSince };
    for (const selection of this.#selections.values()) {
      selection.read(span, time, (value) => best.take(value));
      if (pace.isDue()) yield;
    }
    return best.list;
  }

  /** Which views have selected something, and of which instruments. */
  get use(): ViewUse {
    return { used: this.#used, instruments: this.#instruments };
  }

  /** The points that were dropped since the previous call. */
  takeDropped(): Overflow {
    return this.#dropped.take();
  }

  /** The values of histograms that other buckets took from their windows since the previous call. */
  takeEmptied(): Overflow {
    return this.#emptied.take();
  }

  /**
   * The series of levels, before these are taken. Levels of selections beyond the maximum are
   * dropped and counted.
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
    return best.list;
  }

  /**
   * Forgets the selections for which the test holds. May pause at each `yield`.
   *
   * @param options.mayComeBack whether their sources may come back: then what they have counted today
   * goes on. Default: they will not.
   * @param options.onGone receives the keys of the series of each selection, at once: it may be selected
   * anew in a pause.
   */
  *forget(
    isGone: IsGone,
    { mayComeBack = false, onGone }: { mayComeBack?: boolean; onGone(keys: SeriesKey[]): void },
  ): Steps<void> {
    const pace = new Pace();
    for (const [id, selection] of this.#selections) {
      if (pace.isDue()) yield;
      const { scope } = selection;
      selection.forgetLevels((labels, lastHeardAt) => isGone(labels, lastHeardAt, scope));
      if (!isGone(selection.labels, selection.lastHeardAt, scope)) continue;
      this.#selections.delete(id);
      if (mayComeBack && selection.countsToday)
        this.restored.keepToday(
          { id, begun: this.restored.begun, ...selection.saved() },
          this.#maxSelections,
        );
      this.#contests.delete(selection.states);
      selection.isForgotten = true;
      onGone(selection.seriesKeys);
    }
  }

  *#levelOutputs(metric: MeasuredMetric, labels: Labels, now: number): Iterable<ResolvedOutput> {
    for (const route of this.#routesOf(metric)) {
      if (route.by !== "all" || !route.compiled.keeps(labels)) continue;
      if (this.#selectionFor(route, { labels }, now) === undefined) continue;
      yield* route.outputs.filter(({ spec }) => spec.number === "level");
    }
  }

  /** The selection of a point, found where it was at the last collection if it is still there. */
  #remembered(route: Route, point: LabelledPoint, now: number): Selection | undefined {
    const known = route.selections.find(point.labels);
    const selection = known?.isForgotten === false ? known : this.#selectionFor(route, point, now);
    if (selection !== undefined) route.selections.keep(point.labels, selection);
    return selection;
  }

  #selectionFor(route: Route, point: LabelledPoint, now: number): Selection | undefined {
    const grouped = groupOf(route.by, point);
    const id = seriesId({ metric: route.group, labels: grouped });
    let selection = this.#selections.get(id);
    if (selection === undefined) {
      if (this.#selections.size >= this.#maxSelections) {
        this.#drop(route, grouped);
        return undefined;
      }
      const maxSummed = route.by === "all" ? undefined : this.#maxSelections;
      selection = new Selection(grouped, route.outputs, this.#slices, now, maxSummed);
      this.restored.apply(id, selection);
      this.#selections.set(id, selection);
      this.#contests.add(selection.states);
      this.#used.add(route.compiled.index);
    }
    return selection;
  }

  /** What was found for an instrument is kept. */
  #routesOf(metric: MeasuredMetric): readonly Route[] {
    const id = `${metric.scope}\u0000${metric.name}\u0000${metric.kind}`;
    let routes = this.#routes.get(id);
    if (routes === undefined) {
      routes = routesOf(this.#views, metric);
      this.#routes.set(id, routes);
      this.#instruments.add(metric.name);
    }
    return routes;
  }

  #drop({ outputs, group }: Route, labels: Labels): void {
    this.#dropped.add(outputs[0]?.metric ?? group, labels);
  }

  #countEmptied({ outputs, group }: Route, selection: Selection | undefined): void {
    const values = selection?.takeEmptied() ?? 0;
    if (values > 0) this.#emptied.add(outputs[0]?.metric ?? group, selection?.labels ?? {}, values);
  }
}
