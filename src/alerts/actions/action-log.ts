import type { Meter } from "@opentelemetry/api";
import { log } from "../../logging/component-logger.ts";
import { FORECASTER_METRICS } from "../../metrics/forecast-metrics.ts";
import { createObservableCounter } from "../../otel/create-instrument.ts";
import type { ResolvedAction } from "../resolved.ts";
import { type ActionOutcome, type ActionRequest, OUTCOMES } from "./action-outcome.ts";

/** Counts runs in `forecast_action_runs_total{action,outcome}` and logs their outcome. */
export class ActionLog {
  readonly #counts = new Map<string, { action: string; outcome: ActionOutcome; count: number }>();
  readonly #loggedFailures = new Set<string>();

  constructor(meter: Meter, actions: readonly ResolvedAction[]) {
    for (const { name, acts } of actions) {
      for (const outcome of OUTCOMES) if (acts === (outcome !== "observed")) this.#add(name, outcome, 0);
    }
    if (actions.length === 0) return;
    createObservableCounter(meter, FORECASTER_METRICS.actionRuns).addCallback((result) => {
      for (const { action, outcome, count } of this.#counts.values())
        result.observe(count, { action, outcome });
    });
  }

  /** Counts and logs an outcome. A repeated failure is logged again only after a success. */
  ended({ action, alert }: ActionRequest, outcome: ActionOutcome, detail: string): void {
    const { name, effect } = action;
    this.#add(name, outcome, 1);
    const what = `action "${name}" for alert ${alert.name} (${alert.state})`;
    if (outcome === "observed") {
      log.info(`would have run ${what} to ${effect}: ${alert.description}`);
    } else if (outcome === "succeeded") {
      for (const each of OUTCOMES) this.#loggedFailures.delete(`${name} ${each}`);
      log.info(`ran ${what} to ${effect}: ${alert.description}`);
    } else if (!this.#loggedFailures.has(`${name} ${outcome}`)) {
      this.#loggedFailures.add(`${name} ${outcome}`);
      const why = detail === "" ? "" : `: ${detail}`;
      log.warn(`${what}: ${outcome}${why}. Further failures are only counted until it succeeds.`);
    }
  }

  #add(action: string, outcome: ActionOutcome, count: number): void {
    const key = `${action} ${outcome}`;
    const entry = this.#counts.get(key) ?? { action, outcome, count: 0 };
    entry.count += count;
    this.#counts.set(key, entry);
  }
}
