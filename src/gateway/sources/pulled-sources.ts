import type { PrometheusSource } from "../../config/gateway/gateway-settings.ts";
import type { PointIntake } from "../../core/point-intake.ts";
import { PrometheusClient } from "../../promql/prometheus-client.ts";
import type { GatewayCounts } from "../self-observation.ts";
import { PullSource } from "./pull.ts";

/** The name of pulled points in the metrics of the gateway. */
const PULL = "pull";

/** What the sources of a gateway are pulled into. */
export interface PulledSourcesParts {
  readonly intake: PointIntake;
  /** How often a source is asked that has no interval of its own. */
  readonly intervalMillis: number;
  readonly counts: GatewayCounts;
}

/** All sources of a gateway that have queries. */
export class PulledSources {
  readonly #sources: readonly PullSource[];
  readonly #clients: readonly PrometheusClient[];
  #isFirstOver: boolean;

  constructor(sources: readonly PrometheusSource[], { intake, intervalMillis, counts }: PulledSourcesParts) {
    const asked = sources.filter(({ queries }) => queries.size > 0);
    this.#isFirstOver = asked.length === 0;
    this.#clients = asked.map(({ url, headers }) => new PrometheusClient({ url, headers }));
    this.#sources = asked.map(
      (source, index) =>
        new PullSource({
          client: this.#clients[index] as PrometheusClient,
          queries: source.queries,
          intervalMillis: source.intervalMillis ?? intervalMillis,
          intake,
          observer: {
            received: (points) => counts.received(PULL, points),
            failed: (reason, count) => counts.refused(PULL, reason, count),
          },
        }),
    );
  }

  /** Why nothing was pulled yet; `undefined`: each source has answered or failed once. */
  get notReadyBecause(): string | undefined {
    return this.#isFirstOver ? undefined : "its sources have not been asked yet";
  }

  /** Begins to pull. */
  start(): void {
    void Promise.all(this.#sources.map((source) => source.start())).then(() => {
      this.#isFirstOver = true;
    });
  }

  /** Ends. Queries that are not answered are given up. */
  async stop(): Promise<void> {
    await Promise.all(this.#sources.map((source) => source.stop()));
    for (const client of this.#clients) client.close();
  }
}
