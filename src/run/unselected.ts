import { defaultThresholds } from "../config/default-thresholds.ts";
import type { ResolvedOptions } from "../config/options.ts";
import { nearestNames } from "../core/nearest-names.ts";
import { log } from "../logging/component-logger.ts";
import type { ViewUse } from "../views/view-processor.ts";
import type { ViewValue } from "../views/view-value.ts";

/** A name that selects nothing after this many collections, or this long, is logged. */
const COLLECTIONS = 30;
const MILLIS = 300_000;
/** An application that starts slowly has these collections in any case. */
const LEAST_COLLECTIONS = 3;

/** What the process has measured so far. */
export interface Measured {
  readonly views: ViewUse;
  /** The series that are forecast. */
  readonly series: readonly ViewValue[];
}

/**
 * Logs views, thresholds and alerts that have selected nothing some time after the start: once, by
 * name, with the nearest names that exist. A name of an application's own instrument can't be
 * checked before the application runs.
 */
export class Unselected {
  readonly #options: ResolvedOptions;
  #isSilent = (): boolean => false;
  #collections = 0;
  #startedAt: number | undefined;

  constructor(options: ResolvedOptions) {
    this.#options = options;
  }

  /** Logs nothing while the test holds: another process may measure what is selected. */
  silentWhile(isSilent: () => boolean): void {
    this.#isSilent = isSilent;
  }

  /** Call it after each collection. */
  collected(elapsedMillis: number, measured: () => Measured): void {
    this.#startedAt ??= elapsedMillis;
    if (this.#collections >= COLLECTIONS) return;
    this.#collections += 1;
    const isLate = elapsedMillis - this.#startedAt >= MILLIS && this.#collections >= LEAST_COLLECTIONS;
    if (isLate) this.#collections = COLLECTIONS;
    if (this.#collections < COLLECTIONS || this.#isSilent()) return;
    const { thresholds, alerting, givenViews } = this.#options;
    if (givenViews + thresholds.size + alerting.alerts.length > 0) this.#log(measured());
  }

  #log({ views, series }: Measured): void {
    const { thresholds, alerting, givenViews } = this.#options;
    for (const [index, { instruments }] of this.#options.views.slice(0, givenViews).entries()) {
      if (!views.used.has(index)) this.#say("view of", instruments.join(", "), views.instruments);
    }
    const metrics = series.map(({ key }) => key.metric);
    const known = new Set([...metrics, ...series.map(({ output }) => output.name)]);
    // Nobody wrote the default thresholds, so nobody looks for what they are for.
    const byDefault = defaultThresholds(this.#options.namespace);
    for (const name of thresholds.keys()) {
      if (!known.has(name) && !byDefault.has(name)) this.#say("threshold of", name, metrics);
    }
    for (const alert of alerting.alerts) {
      if (series.some(({ key }) => alert.matches(key.metric, key.labels))) continue;
      this.#say(`alert ${alert.name} on`, alert.metric, metrics);
    }
  }

  /** Our own metrics may come late, with the first work of an agent: that is no reason to warn. */
  #say(what: string, name: string, existing: Iterable<string>): void {
    const isOurs = new RegExp(`^(system|${this.#options.namespace})[._]`).test(name);
    const nearest = nearestNames(name, existing).join(", ");
    const isCost = isOurs && /[._]cost(\b|_)/.test(name) && this.#options.prices.length === 0;
    if (isCost) {
      log.warn(`the ${what} ${name} has selected nothing: cost is measured only of models with prices`);
      return;
    }
    const hint = nearest === "" ? "nothing is measured yet" : `the nearest names so far are ${nearest}`;
    (isOurs ? log.info : log.warn)(`the ${what} ${name} has selected nothing since the start; ${hint}`);
  }
}
