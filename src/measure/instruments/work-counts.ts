import type { AgentBook } from "../../agents/agent-book.ts";
import type { RecordedLabels } from "../../agents/recorded-labels.ts";
import type { MeasuredMetric, MeasuredPoint } from "../../core/measured-metric.ts";
import type { ExponentialHistogramPoint } from "../../core/metric-point.ts";
import type { Labels } from "../../core/series-key.ts";
import type { Steps } from "../../core/yielding-runner.ts";
import { type AgentMetricKey, agentMetrics } from "../../metrics/agent-metrics.ts";
import type { OwnMetric } from "../../metrics/own-metric.ts";
import { TASK_SCOPE } from "../../otel/scopes.ts";
import { ExponentialSketch, MAX_EXPONENTIAL_BUCKETS } from "../../statistics/exponential-sketch.ts";

const COUNTED = [
  "succeededAttempts",
  "retriedAttempts",
  "cancelledTasks",
  "lostTasks",
  "failures",
  "failedRecoveries",
] as const satisfies AgentMetricKey[];

/** What is counted here. */
type Counted = (typeof COUNTED)[number];

/**
 * What agents do, as the collections read it: what the book of agents knows, and what is counted
 * beside it. No OpenTelemetry instrument is used, because it costs more to hash attributes than to
 * do all the rest of recording a task.
 */
export class WorkCounts {
  readonly #book: AgentBook;
  readonly #labels: RecordedLabels;
  readonly #metrics: Readonly<Record<AgentMetricKey, OwnMetric>>;
  readonly #counts = new Map<Counted, Map<Labels, number>>(COUNTED.map((key) => [key, new Map()]));
  readonly #recoveries = new Map<Labels, ExponentialSketch>();

  constructor(book: AgentBook, labels: RecordedLabels, namespace: string) {
    this.#book = book;
    this.#labels = labels;
    this.#metrics = agentMetrics(namespace);
  }

  /** @param labels the same object for the same labels. */
  count(key: Counted, labels: Labels): void {
    const counts = this.#counts.get(key);
    counts?.set(labels, (counts.get(labels) ?? 0) + 1);
  }

  /** @param labels the same object for the same labels. */
  recovered(labels: Labels, seconds: number): void {
    let sketch = this.#recoveries.get(labels);
    if (sketch === undefined) {
      sketch = new ExponentialSketch();
      this.#recoveries.set(labels, sketch);
    }
    sketch.record(seconds);
  }

  /** What is open now, and what was recorded since the previous call. */
  *collect(): Steps<MeasuredMetric[]> {
    const metrics: MeasuredMetric[] = [
      { ...this.#described("activeTasks"), kind: "level", points: this.#byAgent(this.#book.activeTasks()) },
      { ...this.#described("openFailures"), kind: "level", points: this.#byAgent(this.#book.openFailures()) },
      { ...this.#described("recoveryDuration"), kind: "histogram", points: this.#takeRecoveries() },
    ];
    for (const [key, counts] of this.#counts) {
      const points = Array.from(counts, ([labels, value]) => ({ labels, value }));
      counts.clear();
      metrics.push({ ...this.#described(key), kind: "increment", points });
    }
    const tasks = yield* this.#book.collectTasks();
    metrics.push({ ...this.#described("taskDuration"), kind: "histogram", points: tasks });
    return metrics.filter(({ points }) => points.length > 0);
  }

  #takeRecoveries(): MeasuredPoint<ExponentialHistogramPoint>[] {
    const points = Array.from(this.#recoveries, ([labels, sketch]) => ({
      labels,
      value: sketch.toPoint({ maxBuckets: MAX_EXPONENTIAL_BUCKETS }),
    }));
    this.#recoveries.clear();
    return points;
  }

  #byAgent(levels: Iterable<[agentName: string, level: number]>): MeasuredPoint<number>[] {
    return Array.from(levels, ([agentName, value]) => ({ labels: this.#labels.ofAgent(agentName), value }));
  }

  #described(key: AgentMetricKey): Pick<MeasuredMetric, "scope" | "name" | "unit" | "description"> {
    const { name, unit, description } = this.#metrics[key];
    return { scope: TASK_SCOPE, name, unit, description };
  }
}
