import { Limiter } from "../core/limiter.ts";
import type { Sample } from "../core/sample.ts";
import { type Labels, type SeriesKey, seriesId } from "../core/series-key.ts";
import { YieldingRunner } from "../core/yielding-runner.ts";
import { type Answered, answerOf, type Past } from "./answered-group.ts";
import type { BackfillOptions } from "./backfill-options.ts";
import { BackfillRun } from "./backfill-run.ts";
import { onlyOne } from "./matching.ts";
import { PastApi } from "./past-api.ts";
import type { PastQuestion } from "./past-question.ts";
import { type AskedGroup, type AskedSeries, WaitingSeries } from "./waiting-series.ts";

const CONCURRENCY = 4;
const BUDGET_MILLIS = 300_000;
/** A stored series has forecasts without what is asked for, so it does not wait for long. */
const KEPT_BUDGET_MILLIS = 30_000;
/** Series that are seen within this time are asked for together. */
const GATHERING_MILLIS = 500;
/** After a run that failed or was given up, new series do not wait for so long. */
const REST_MILLIS = 600_000;

/**
 * Asks a Prometheus API for the past of series when they are seen for the first time, so that they
 * are forecast at once.
 *
 * The series of one metric are asked for together. While a series waits, `hold` keeps its samples:
 * the caller must not store them elsewhere. Then `restore` receives the series: of the past, the
 * samples before the first one that was held, and after them all that were held. So no sample is
 * lost and none is doubled, however late the API stores its samples. A series without a past
 * receives what was held too.
 *
 * `restore` is called within one turn of the event loop with the end of the wait: the next sample
 * belongs to the caller.
 */
export class Backfill {
  readonly #options: BackfillOptions;
  readonly #api: PastApi;
  readonly #limiter: Limiter;
  readonly #waiting = new WaitingSeries();
  readonly #stopped = new AbortController();
  #run: BackfillRun | undefined;
  #runs = 0;
  #restsUntil = Number.NEGATIVE_INFINITY;
  #isGathering = false;

  constructor(options: BackfillOptions) {
    const { client, clock, concurrency = CONCURRENCY } = options;
    this.#options = options;
    this.#api = new PastApi(client, concurrency, clock);
    this.#limiter = new Limiter(concurrency);
  }

  /** How many series wait. A metric that is asked for as a whole counts as one until it is answered. */
  get pending(): number {
    return this.#waiting.count;
  }

  isPending(metric: string, labels: Labels): boolean {
    return this.#waiting.has({ metric, labels });
  }

  /**
   * Asks for the past of a series that is not stored yet, or for what is newer than the stored one.
   *
   * @returns whether it waits. It does not after a failure, for ten minutes.
   */
  ask(key: SeriesKey, question: PastQuestion, { resolutions, kept }: AskedSeries = {}): boolean {
    if (this.isPending(key.metric, key.labels)) return true;
    if (!this.#mayAsk) return false;
    this.#waiting.add(key, question, resolutions ?? this.#options.resolutions, kept);
    this.#begin();
    void this.#gather();
    return true;
  }

  /**
   * Asks for the past of all series of a metric, also of those that are not seen yet.
   *
   * @param keyOf the key of our series for labels of the API, without `__name__`; `undefined` if we
   * have none for them.
   */
  askAll(
    question: PastQuestion,
    keyOf: (labels: Labels) => SeriesKey | undefined = (labels) => ({ metric: question.metric, labels }),
    resolutions = this.#options.resolutions,
  ): void {
    if (!this.#mayAsk) return;
    this.#waiting.addAll(question, keyOf, resolutions);
    this.#begin();
    this.#askGroups();
  }

  /**
   * Keeps a sample of a series that waits.
   *
   * @returns whether it was kept. If not, it belongs to the caller.
   */
  hold(key: SeriesKey, sample: Sample, id = seriesId(key)): boolean {
    return this.#waiting.hold(key, sample, id);
  }

  /** Ends: hands over what was held. */
  stop(): void {
    this.#end((group) => {
      for (const id of [...group.members.keys()]) this.#release(group, id, { outcome: "failed" });
      this.#waiting.delete(group);
    });
  }

  /**
   * Ends without the samples that were held: series stay as they were, so that another one asks for them
   * again. Samples that come later are dropped too.
   */
  leave(): void {
    this.#end(() => {});
  }

  #end(finish: (group: AskedGroup) => void): void {
    this.#stopped.abort();
    for (const group of this.#waiting.groups) {
      group.isEnded = true;
      finish(group);
    }
    this.#run?.stop();
    this.#options.client.close();
  }

  get #mayAsk(): boolean {
    return !this.#stopped.signal.aborted && this.#options.clock.elapsedMillis() >= this.#restsUntil;
  }

  #begin(): void {
    const { client, clock } = this.#options;
    if (this.#run !== undefined) return;
    this.#run = new BackfillRun({
      address: client.address,
      clock,
      isFirst: this.#runs === 0,
      pending: () => this.pending,
    });
    this.#runs += 1;
  }

  async #gather(): Promise<void> {
    if (this.#isGathering) return;
    this.#isGathering = true;
    await this.#options.clock.sleep(GATHERING_MILLIS, this.#stopped.signal);
    this.#isGathering = false;
    this.#askGroups();
  }

  #askGroups(): void {
    if (this.#stopped.signal.aborted) return;
    for (const group of this.#waiting.takeGroups()) {
      const deadline = this.#deadline(group);
      void this.#limiter.run(() => this.#answer(group, deadline.signal)).finally(() => deadline.abort());
    }
  }

  /** Aborts when a group that is asked for now has waited for too long. */
  #deadline({ since }: AskedGroup): AbortController {
    const { clock, budgetMillis = BUDGET_MILLIS } = this.#options;
    const millis = since === undefined ? budgetMillis : Math.min(budgetMillis, KEPT_BUDGET_MILLIS);
    const deadline = new AbortController();
    const isOver = AbortSignal.any([this.#stopped.signal, deadline.signal]);
    void clock.sleep(millis, isOver).then(() => deadline.abort());
    return deadline;
  }

  async #answer(group: AskedGroup, deadline: AbortSignal): Promise<void> {
    const { clock, choose = onlyOne } = this.#options;
    const answered = await answerOf(group, {
      api: this.#api,
      choose,
      clock,
      signal: deadline,
      join: (key) => this.#waiting.join(group, key),
    });
    if (answered.error !== undefined) this.#run?.failed(answered.error, deadline.aborted);
    await this.#handOver(group, answered);
    if (group.isEnded) return;
    this.#waiting.delete(group);
    if (this.#waiting.count === 0) this.#finish();
  }

  #finish(): void {
    if (this.#run?.finish() === false) this.#restsUntil = this.#options.clock.elapsedMillis() + REST_MILLIS;
    this.#run = undefined;
    this.#options.finished?.();
  }

  async #handOver(group: AskedGroup, answered: Answered): Promise<void> {
    const slices = new YieldingRunner(this.#options.clock);
    this.#waiting.close(group);
    for (const [id, member] of group.members) {
      if (group.isEnded) return;
      this.#release(group, id, answered.pastOf(id, member));
      if (slices.isDue) await slices.pause();
    }
  }

  #release(group: AskedGroup, id: string, { outcome, snapshot: past }: Past): void {
    const { key, snapshot } = this.#waiting.release(group, id, past);
    this.#run?.ended(outcome);
    try {
      this.#options.observer?.ended(outcome, key);
      const { resolutions } = group;
      const isAnswered = outcome !== "failed";
      if (snapshot !== undefined) this.#options.restore({ key, snapshot, resolutions, isAnswered });
    } catch (error) {
      this.#run?.failed(error, false);
    }
  }
}
