import { context } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";
import type { Backfill } from "../../backfill/backfill.ts";
import type { PastQuestion } from "../../backfill/past-question.ts";
import type { KeptSeries } from "../../backfill/waiting-series.ts";
import type { ForecastEngine } from "../../engine/forecast-engine.ts";
import type { ViewValue } from "../../views/view-value.ts";

/** A series lacks samples if its newest one is more collection intervals old than this. */
const GAP_INTERVALS = 1.5;

/** Whom new series ask for their past. */
export interface NewSeriesParts {
  readonly engine: ForecastEngine;
  readonly backfill: Backfill;
  readonly intervalMillis: number;
  /**
   * Whether series that were interrupted ask for what came meanwhile. That of a process was not measured
   * meanwhile, so nobody knows more.
   */
  readonly fillsGaps: boolean;
  /** How the past of a series is asked for; `undefined`: it is not. */
  questionOf(value: ViewValue): PastQuestion | undefined;
}

/**
 * Lets series that the engine does not have yet wait for their past, and restored ones, and those that
 * were interrupted, for what came since. Their values are kept meanwhile, and go into the engine with the past.
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
    if (!output.spec.isForecast) return false;
    const { engine, backfill } = this.#parts;
    const kept = engine.restored.silent(id) ?? this.#interrupted(id, now);
    if (kept === undefined && engine.has(id)) return false;
    const sample = { at: now, value: value.value };
    const isHeld =
      backfill.hold(key, sample, id) || (this.#ask(value, now, kept) && backfill.hold(key, sample, id));
    // It has a value, so it does not expire.
    if (isHeld) engine.restored.touch(id, now);
    return isHeld;
  }

  #interrupted(id: string, now: number): KeptSeries | undefined {
    const { engine, intervalMillis, fillsGaps } = this.#parts;
    return fillsGaps ? engine.restored.interrupted(id, now - GAP_INTERVALS * intervalMillis) : undefined;
  }

  #ask(value: ViewValue, now: number, kept: KeptSeries | undefined): boolean {
    const { engine, backfill, intervalMillis, questionOf } = this.#parts;
    if (kept !== undefined && now - kept.newestAt < GAP_INTERVALS * intervalMillis) return false;
    const question = questionOf(value);
    if (question === undefined) return false;
    const asked = kept === undefined ? { resolutions: engine.tiersOf(value.output) } : { kept };
    return backfill.ask(value.key, question, asked);
  }
}
