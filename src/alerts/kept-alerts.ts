import type { Tracked } from "./tracked-alert.ts";

/** Alerts on totals that have gone and are above their threshold until they start again. */
export class KeptAlerts {
  readonly #byId = new Map<string, { readonly tracked: Tracked; readonly until: number }>();

  /** Keeps an alert without its series: the forecasts of the series end, its value stays. */
  keep(tracked: Tracked, until: number): void {
    const { source, reading } = tracked;
    tracked.source = { plan: source.plan, readingAt: () => undefined };
    tracked.reading = reading && { current: reading.current, secondsUntil: () => 0 };
    this.#byId.set(tracked.id, { tracked, until });
  }

  /** An alert whose series has come back. It is kept no longer. */
  take(id: string): Tracked | undefined {
    const tracked = this.#byId.get(id)?.tracked;
    this.#byId.delete(id);
    return tracked;
  }

  /** The alerts whose time is over. They are kept no longer. */
  *takeEnded(now: number): Iterable<Tracked> {
    for (const [id, { tracked, until }] of this.#byId) {
      tracked.at = now;
      if (now < until) continue;
      this.#byId.delete(id);
      yield tracked;
    }
  }

  *[Symbol.iterator](): Iterator<Tracked> {
    for (const { tracked } of this.#byId.values()) yield tracked;
  }
}
