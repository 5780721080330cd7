import type { AgentBook } from "../agents/agent-book.ts";
import type { Bounded, Scalability } from "../agents/scalability.ts";
import type { Steps } from "../core/yielding-runner.ts";
import { type ScalabilityKey, scalabilityMetrics } from "../metrics/agent-metrics.ts";
import { INTERVAL_LEVEL_LABEL } from "../metrics/forecast-metrics.ts";
import type { ForecastProducer, PublishedSeries } from "../otel/forecast-producer.ts";

const NUMBERS: readonly ScalabilityKey[] = ["contention", "coherence", "peakConcurrency"];
const LEVEL = { level: INTERVAL_LEVEL_LABEL };

/** The gauges of one agent and number: the value and its bounds. */
interface Shown {
  readonly value: PublishedSeries;
  readonly lower: PublishedSeries;
  readonly upper: PublishedSeries;
}

/** Publishes how agents scale: anew with each selection of models, and nothing of an agent that cannot be told. */
export class ScalabilityPublication {
  readonly #producer: ForecastProducer;
  readonly #book: AgentBook;
  readonly #namespace: string;
  readonly #everyMillis: number;
  readonly #shown = new Map<string, Shown[]>();
  #lastFitAt = Number.NEGATIVE_INFINITY;

  constructor(options: {
    producer: ForecastProducer;
    book: AgentBook;
    namespace: string;
    everyMillis: number;
  }) {
    this.#producer = options.producer;
    this.#book = options.book;
    this.#namespace = options.namespace;
    this.#everyMillis = options.everyMillis;
  }

  *publish(now: number): Steps<void> {
    yield* this.#book.closeStretches();
    this.#removeGone();
    if (now - this.#lastFitAt < this.#everyMillis) return;
    this.#lastFitAt = now;
    for (const [agent, scalability] of this.#book.scalabilities()) {
      this.#put(agent, scalability);
      yield;
    }
  }

  #put(agent: string, scalability: Scalability): void {
    const known = this.#shown.get(agent);
    if (known === undefined && Object.keys(scalability).length === 0) return;
    const shown = known ?? NUMBERS.map((number) => this.#series(agent, number));
    this.#shown.set(agent, shown);
    NUMBERS.forEach((number, index) => {
      show(shown[index] as Shown, scalability[number]);
    });
  }

  #removeGone(): void {
    const alive = new Set(this.#book.agentNames);
    for (const [agent, shown] of this.#shown) {
      if (alive.has(agent)) continue;
      for (const number of shown) show(number, undefined);
      this.#shown.delete(agent);
    }
  }

  #series(agent: string, number: ScalabilityKey): Shown {
    const { value, lower, upper } = scalabilityMetrics(this.#namespace, number);
    return {
      value: this.#producer.series(value, { agent }),
      lower: this.#producer.series(lower, { agent, ...LEVEL }),
      upper: this.#producer.series(upper, { agent, ...LEVEL }),
    };
  }
}

function show(shown: Shown, bounded: Bounded | undefined): void {
  for (const part of ["value", "lower", "upper"] as const) {
    if (bounded === undefined) shown[part].remove();
    else shown[part].put(bounded[part]);
  }
}
