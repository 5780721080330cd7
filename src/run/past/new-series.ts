import { context } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";
import type { Backfill } from "../../backfill/backfill.ts";
import type { PastQuestion } from "../../backfill/past-question.ts";
import type { ForecastEngine } from "../../engine/forecast-engine.ts";
import type { ViewValue } from "../../views/view-value.ts";

/** Whom new series ask for their past. */
export interface NewSeriesParts {
  readonly engine: ForecastEngine;
  readonly backfill: Backfill;
  /** How the past of a series is asked for; `undefined`: it is not. */
  questionOf(value: ViewValue): PastQuestion | undefined;
}

/**
 * Lets series that the engine does not have yet wait for their past. Their values are kept meanwhile,
 * and go into the engine with the past.
 */
export class NewSeries {
  readonly #parts: NewSeriesParts;

  constructor(parts: NewSeriesParts) {
    this.#parts = parts;
  }

  /** Keeps the values of a collection whose series wait. Returns all others. */
  take(values: readonly ViewValue[], now: number): readonly ViewValue[] {
    // An application that traces its requests does not trace ours.
    return context.with(suppressTracing(context.active()), () =>
      values.filter((value) => !this.#isHeld(value, now)),
    );
  }

  /** Ends: what was kept goes into the engine. */
  stop(): void {
    this.#parts.backfill.stop();
  }

  #isHeld(value: ViewValue, now: number): boolean {
    const { output, key, id } = value;
    const { engine, backfill, questionOf } = this.#parts;
    if (!output.spec.isForecast || engine.has(id)) return false;
    const sample = { at: now, value: value.value };
    if (backfill.hold(key, sample, id)) return true;
    const question = questionOf(value);
    if (question === undefined || !backfill.ask(key, question, engine.tiersOf(output))) return false;
    return backfill.hold(key, sample, id);
  }
}
