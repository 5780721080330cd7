import type { AgentBook } from "../agents/agent-book.ts";
import { type Bounded, SCALABILITY_LEVEL, type Scalability } from "../agents/scalability.ts";
import type { Steps } from "../core/yielding-runner.ts";
import type { ForecastProducer, PublishedSeries } from "../otel/forecast-producer.ts";

const METRICS: readonly [of: keyof Scalability, name: string, description: string][] = [
  ["contention", "contention", "Share of an agent's work that waits its turn"],
  ["coherence", "coherence", "What each pair of an agent's tasks costs to be kept in agreement"],
  ["peakConcurrency", "peak_concurrency", "Tasks at once beyond which an agent's throughput falls"],
];
const LEVEL = { level: String(SCALABILITY_LEVEL) };

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
    const shown = known ?? METRICS.map(([, name, description]) => this.#series(agent, name, description));
    this.#shown.set(agent, shown);
    METRICS.forEach(([of], index) => {
      show(shown[index] as Shown, scalability[of]);
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

  #series(agent: string, name: string, description: string): Shown {
    const of = (suffix: string, what: string, labels: object): PublishedSeries =>
      this.#producer.series(
        {
          name: `${this.#namespace}.scalability.${name}${suffix}`,
          unit: "",
          description: `${description}${what}`,
          type: "gauge",
        },
        { agent, ...labels },
      );
    return {
      value: of("", "", {}),
      lower: of("_lower", ", lower bound", LEVEL),
      upper: of("_upper", ", upper bound", LEVEL),
    };
  }
}

function show(shown: Shown, bounded: Bounded | undefined): void {
  for (const part of ["value", "lower", "upper"] as const) {
    if (bounded === undefined) shown[part].remove();
    else shown[part].put(bounded[part]);
  }
}
