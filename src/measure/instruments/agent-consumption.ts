import type { Meter } from "@opentelemetry/api";
import type { AgentBook } from "../../agents/agent-book.ts";
import type { TokenUsage } from "../../agents/token-usage.ts";
import type { UsedByMember, UsedToday } from "../../agents/used-today.ts";
import type { MeasuredMetric } from "../../core/measured-metric.ts";
import { kindOf } from "../../core/text-of.ts";
import type { SkipLog } from "../../logging/skip-log.ts";
import { agentMetrics } from "../../metrics/agent-metrics.ts";
import { createObservableGauge } from "../../otel/create-instrument.ts";
import type { LocalClock } from "../../series/local-clock.ts";
import { UNKNOWN_MODEL, type Use } from "./agent-uses.ts";
import type { PriceOf } from "./prices.ts";
import { TokenCounts } from "./token-counts.ts";
import { UseOfToday } from "./use-of-today.ts";

interface AgentConsumptionOptions {
  readonly book: AgentBook;
  readonly priceOf: PriceOf;
  readonly skips: SkipLog;
  /** The most agents that are restored after a restart. */
  readonly maxAgents: number;
  /** Decides when a day begins; absent: at midnight UTC. */
  readonly clock: LocalClock | undefined;
  /** Epoch milliseconds of the clock that decides when a day begins. */
  readonly now: () => number;
  /** Epoch milliseconds of the clock of the book. */
  readonly bookNow: () => number;
}

/** The meters of the instruments. */
interface ConsumptionMeters {
  /** Measures the agents that are there. */
  readonly agents: Meter;
  /** Measures what everything used today. */
  readonly today: Meter;
}

type Total = Record<"input_tokens" | "output_tokens", number> & { cost?: number };

/**
 * Measures the tokens of each agent and, for models with a price, their cost: as counters, and as
 * totals since midnight, for daily budgets.
 *
 * The totals are measured twice by the same names. Those of `agents` leave with their agent. Those
 * of `today` stay until midnight, and include the agents of members: views that sum over agents
 * use them.
 */
export class AgentConsumption {
  /** Called when something is used for the first time. */
  onFirstUse: (() => void) | undefined;
  #changes = 0;
  readonly #totals = new Map<string, Total>();
  readonly #use: UseOfToday;
  readonly #options: AgentConsumptionOptions;
  readonly #counts: TokenCounts;

  constructor(meters: ConsumptionMeters, namespace: string, options: AgentConsumptionOptions) {
    this.#options = options;
    this.#use = new UseOfToday(options.clock);
    const metrics = agentMetrics(namespace);
    this.#counts = new TokenCounts(namespace);
    this.#observe(meters.agents, metrics, (observe) => this.#observeAgents(observe));
    this.#observe(meters.today, metrics, (observe) => this.#observeEverything(observe));
  }

  /** Grows with everything that is used: what was saved is still true while it is the same. */
  get changes(): number {
    return this.#changes;
  }

  /**
   * @param model its price is looked up in the price table.
   * @param shownModel the label of the model. The caller bounds these names, and those of agents.
   * @param reportedCost counts instead of the price in the table.
   */
  tokensUsed(
    agentName: string,
    usage: TokenUsage,
    model: string | undefined,
    shownModel = model ?? UNKNOWN_MODEL,
    reportedCost?: number,
  ): void {
    const { book, priceOf, skips, now, bookNow } = this.#options;
    const cost = reportedCost ?? priceOf(model, usage);
    const total = added(this.#totals.get(agentName), usage, cost);
    const { dropped } = book.recordResources(agentName, total, bookNow());
    if (dropped !== undefined) {
      skips.skip(dropped, `tokens (agentName: ${kindOf(agentName)})`);
      return;
    }
    this.#changed();
    this.#totals.set(agentName, total);
    const at = now();
    this.#use.moveTo(at);
    const tokens = usage.input + usage.output;
    this.#use.own.use(at, { agent: agentName, model: shownModel, tokens, cost });
    this.#counts.count(agentName, shownModel, usage, cost);
  }

  /** What was counted since the previous call, as far as no OpenTelemetry instrument is used. */
  collect(): MeasuredMetric[] {
    return this.#counts.collect();
  }

  /** What each agent used today: saved, and restored by the next process. */
  usedToday(): UsedToday[] {
    return this.#use.usedToday(this.#options.now());
  }

  /** What the agents of members used today: saved too. */
  usedByMembers(): UsedToday[] {
    return this.#use.usedByMembers(this.#options.now());
  }

  /** What the agents of this process and of its members used today: reported to another process. */
  usedByEverything(): UsedToday[] {
    return this.#use.usedByEverything(this.#options.now());
  }

  /** What this process, with this id, and each of its members used today: its successor continues. */
  usedByEach(id: string): UsedByMember[] {
    const ofMembers = this.#use.usedByEachMember(`${id}, ended members`, this.#options.now());
    return [{ id, today: this.usedToday() }, ...ofMembers];
  }

  /** Replaces what the agents of a member used today. It counts until midnight. */
  takeMember(id: string, used: readonly UsedToday[]): void {
    this.#changed();
    this.#use.takeMember(id, used, this.#options.now());
  }

  /**
   * Adds what the last process saved, as far as it was used today. Call it once. It does not
   * restore the counters: they begin with their process.
   */
  restoreToday(used: readonly UsedToday[], usedByMembers: readonly UsedToday[]): void {
    const { now, maxAgents } = this.#options;
    this.#use.restore(used, now(), () => this.#use.own.size < maxAgents);
    this.#use.restoreMembers(usedByMembers, now());
  }

  #changed(): void {
    this.#changes += 1;
    if (this.#changes === 1) this.onFirstUse?.();
  }

  /**
   * Expires the restored agents that were last heard of at `silentSince` (epoch milliseconds) or
   * before, whether the book knows them or not. Returns the names, each once.
   */
  expireRestored(silentSince: number): string[] {
    return this.#use.own.expireRestored(silentSince);
  }

  #observe(
    meter: Meter,
    { tokensToday, costToday }: Pick<ReturnType<typeof agentMetrics>, "tokensToday" | "costToday">,
    observeAll: (observe: (use: Use) => void) => void,
  ): void {
    const tokens = createObservableGauge(meter, tokensToday);
    const cost = createObservableGauge(meter, costToday);
    meter.addBatchObservableCallback(
      (result) => {
        this.#use.moveTo(this.#options.now());
        observeAll(({ agent, model, ...used }) => {
          result.observe(tokens, used.tokens, { agent, model });
          if (used.cost !== undefined) result.observe(cost, used.cost, { agent, model });
        });
      },
      [tokens, cost],
    );
  }

  /** If an agent that has expired comes back today, what it used today still counts. */
  #observeAgents(observe: (use: Use) => void): void {
    const isThere = this.#whoIsThere();
    for (const use of this.#use.own) if (isThere(use.agent)) observe(use);
  }

  #observeEverything(observe: (use: Use) => void): void {
    for (const use of this.#use.everything()) observe(use);
    // They were observed with 0 just now: a sum has fallen at midnight.
    for (const agent of this.#use.forgetUnused(this.#whoIsThere())) this.#totals.delete(agent);
  }

  #whoIsThere(): (agent: string) => boolean {
    const known = new Set(this.#options.book.agentNames);
    return (agent) => known.has(agent) || this.#use.own.isRestored(agent);
  }
}

function added(before: Total | undefined, usage: TokenUsage, cost: number | undefined): Total {
  const total: Total = {
    input_tokens: (before?.input_tokens ?? 0) + usage.input,
    output_tokens: (before?.output_tokens ?? 0) + usage.output,
  };
  const all = cost === undefined ? before?.cost : (before?.cost ?? 0) + cost;
  if (all !== undefined) total.cost = all;
  return total;
}
