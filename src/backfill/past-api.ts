import { Limiter } from "../core/limiter.ts";
import type { Labels } from "../core/series-key.ts";
import { YieldingRunner } from "../core/yielding-runner.ts";
import type { AnswerSummary } from "../promql/answer.ts";
import { ApiError } from "../promql/api-error.ts";
import type { PrometheusClient } from "../promql/prometheus-client.ts";
import type { BackfillClock } from "./backfill-options.ts";
import type { GatheredPast } from "./gathered-past.ts";
import type { FoundSeries } from "./matching.ts";
import { presenceQuery, queryOf, slotsOfQuery } from "./past-query.ts";
import { halvesOf, partsOf, slotsOf, type TierRange } from "./tier-ranges.ts";

/** What is asked for. */
export interface Wanted {
  readonly expression: string;
  /** How many series the expression has. */
  readonly series: number;
  /** The id of a series that is gathered; others are ignored. */
  idOf(labels: Labels): string | undefined;
  readonly signal: AbortSignal;
}

const FIRST_WAIT_MILLIS = 1000;
const LONGEST_WAIT_MILLIS = 30_000;
/** The longest wait that an API can ask for. A timer of Node that waits for too long ends at once. */
const LONGEST_ASKED_MILLIS = 300_000;
/** A range is halved so often, until it is a 64th. */
const MAX_HALVINGS = 6;
/** A tier is extended so often over long gaps. */
const MAX_EXTENSIONS = 4;

/**
 * Asks a Prometheus API for the past of series: a few requests at the same time, again after errors
 * that may pass, and for shorter ranges if a range was too much.
 */
export class PastApi {
  readonly #client: PrometheusClient;
  readonly #limiter: Limiter;
  readonly #clock: BackfillClock;

  constructor(client: PrometheusClient, concurrency: number, clock: BackfillClock) {
    this.#client = client;
    this.#limiter = new Limiter(concurrency);
    this.#clock = clock;
  }

  /**
   * The series of an expression that had a value in the range of the finest tier.
   *
   * @throws ApiError
   */
  async presence(expression: string, range: TierRange, signal: AbortSignal): Promise<FoundSeries[]> {
    const query = presenceQuery(expression, range);
    const at = range.last * range.stepMillis;
    const found: FoundSeries[] = [];
    await this.#limiter.run(() =>
      this.#retrying(signal, async () => {
        found.length = 0;
        return this.#client.instant({ query, at, signal }, ({ labels, values: [seconds] }) => {
          if (seconds !== undefined) found.push({ labels, newestAt: seconds * 1000 });
        });
      }),
    );
    return found;
  }

  /**
   * Asks for all tiers, the finest first. It is always told what was answered, so that this much can
   * be used after an error.
   *
   * @throws ApiError
   */
  async fill(gathered: GatheredPast, wanted: Wanted): Promise<void> {
    for (const range of gathered.ranges) await this.#askFor(range, gathered, wanted);
    for (const { tier } of gathered.ranges.toReversed()) await this.#extend(tier, gathered, wanted);
  }

  async #extend(tier: number, gathered: GatheredPast, wanted: Wanted): Promise<void> {
    for (let extensions = 0; extensions < MAX_EXTENSIONS; extensions++) {
      const slots = await new YieldingRunner(this.#clock).run(gathered.lackingSlots(tier));
      if (slots === 0) return;
      await this.#askFor(gathered.extend(tier, slots), gathered, wanted);
    }
  }

  async #askFor(range: TierRange, gathered: GatheredPast, wanted: Wanted): Promise<void> {
    const [{ stepMillis: intervalMillis }] = gathered.ranges as [TierRange];
    const parts = partsOf(range, slotsOfQuery(range, wanted.series, intervalMillis));
    const hasFailed = new AbortController();
    const signal = AbortSignal.any([wanted.signal, hasFailed.signal]);
    const asked = parts.map((part) =>
      this.#limiter
        .run(() => this.#askForPart(part, gathered, { ...wanted, signal }, intervalMillis))
        .catch((error: unknown) => {
          hasFailed.abort();
          throw error;
        }),
    );
    const results = await Promise.allSettled(asked);
    const errors = results.filter((result) => result.status === "rejected").map(({ reason }) => reason);
    const first = errors.find((error) => !(error instanceof ApiError && error.reason === "stopped"));
    if (errors.length > 0) throw first ?? errors[0];
  }

  async #askForPart(
    part: TierRange,
    gathered: GatheredPast,
    wanted: Wanted,
    intervalMillis: number,
    halvings = 0,
  ): Promise<void> {
    const { expression, signal, idOf } = wanted;
    const mayBeHalved = slotsOf(part) > 1 && halvings < MAX_HALVINGS;
    const ask = (isFiltered: boolean): Promise<AnswerSummary> => {
      const query = queryOf(expression, part, intervalMillis, isFiltered);
      return this.#client.range({ ...query, signal }, ({ labels, times, values }) => {
        const id = idOf(labels);
        if (id !== undefined) gathered.take(part, id, times, values);
      });
    };
    const isUseless = (error: ApiError): boolean => error.isTooMuch && mayBeHalved;
    try {
      const { notFinite } = await this.#retrying(signal, () => ask(false), isUseless);
      if (part.tier > 0 && notFinite > 0) await this.#retrying(signal, () => ask(true), isUseless);
      gathered.answered(part);
    } catch (error) {
      if (!(error instanceof ApiError && error.isTooMuch && mayBeHalved)) throw error;
      for (const half of halvesOf(part))
        await this.#askForPart(half, gathered, wanted, intervalMillis, halvings + 1);
    }
  }

  /** Asks again after errors that may pass, until the signal says that it is no longer of use. */
  async #retrying(
    signal: AbortSignal,
    ask: () => Promise<AnswerSummary>,
    isUseless: (error: ApiError) => boolean = () => false,
  ): Promise<AnswerSummary> {
    for (let wait = FIRST_WAIT_MILLIS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MILLIS)) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof ApiError && error.mayRetry) || isUseless(error) || signal.aborted) throw error;
        const asked = Math.min(error.retryAfterMillis, LONGEST_ASKED_MILLIS);
        await this.#clock.sleep(Math.max(wait, asked), signal);
        if (signal.aborted) throw error;
      }
    }
  }
}
