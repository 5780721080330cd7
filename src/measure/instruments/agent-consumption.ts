import type { Counter, Meter, ObservableResult } from "@opentelemetry/api";
import type { AgentBook } from "../../agents/agent-book.ts";
import type { TokenUsage } from "../../agents/token-usage.ts";
import { DAY_MILLIS } from "../../core/durations.ts";
import type { SkipLog } from "../../logging/skip-log.ts";
import { agentMetrics } from "../../metrics/agent-metrics.ts";
import { createCounter, createObservableGauge } from "../../otel/create-instrument.ts";
import type { PriceOf } from "./prices.ts";
import type { UsedToday } from "./used-today.ts";

interface AgentConsumptionOptions {
  readonly book: AgentBook;
  readonly priceOf: PriceOf;
  readonly skips: SkipLog;
  /** The most agents that are restored after a restart. */
  readonly maxAgents: number;
  readonly expiryMillis: number;
  readonly now: () => number;
}

interface Consumed {
  /** Epoch milliseconds. */
  heardAt: number;
  /**
   * Restored after a restart: the book may never hear of this agent, and then does not expire it.
   */
  isRestored: boolean;
  day: number;
  tokensToday: number;
  costToday: number | undefined;
  readonly total: Record<"input_tokens" | "output_tokens", number>;
  totalCost: number | undefined;
}

/**
 * Measures the tokens of each agent and, for models with a price, their cost: as counters, and as
 * totals since midnight UTC, for daily budgets. The caller bounds the names of agents.
 */
export class AgentConsumption {
  readonly #agents = new Map<string, Consumed>();
  readonly #options: AgentConsumptionOptions;
  readonly #tokens: Counter;
  readonly #cost: Counter;

  constructor(meter: Meter, namespace: string, options: AgentConsumptionOptions) {
    this.#options = options;
    const metrics = agentMetrics(namespace);
    this.#tokens = createCounter(meter, metrics.tokens);
    this.#cost = createCounter(meter, metrics.cost);
    createObservableGauge(meter, metrics.tokensToday).addCallback((result) =>
      this.#observe(result, ({ tokensToday }) => tokensToday),
    );
    createObservableGauge(meter, metrics.costToday).addCallback((result) =>
      this.#observe(result, ({ costToday }) => costToday),
    );
  }

  /** @param model its price is looked up in the price table. */
  tokensUsed(agentName: string, usage: TokenUsage, model: string | undefined): void {
    const { book, priceOf, skips, now } = this.#options;
    const consumed = this.#of(agentName);
    consumed.total.input_tokens += usage.input;
    consumed.total.output_tokens += usage.output;
    consumed.tokensToday += usage.input + usage.output;
    const cost = priceOf(model, usage);
    if (cost !== undefined) {
      consumed.costToday = (consumed.costToday ?? 0) + cost;
      consumed.totalCost = (consumed.totalCost ?? 0) + cost;
    }
    const resources = {
      ...consumed.total,
      ...(consumed.totalCost === undefined ? {} : { cost: consumed.totalCost }),
    };
    const { dropped } = book.recordResources(agentName, resources, now());
    if (dropped !== undefined) {
      skips.skip(dropped, `tokens of agent ${agentName}`);
      this.#agents.delete(agentName);
      return;
    }
    this.#tokens.add(usage.input, { agent: agentName, token_type: "input" });
    this.#tokens.add(usage.output, { agent: agentName, token_type: "output" });
    if (cost !== undefined) this.#cost.add(cost, { agent: agentName });
  }

  /** What each agent used today: saved, and restored by the next process. */
  usedToday(): UsedToday[] {
    const today = dayOf(this.#options.now());
    return [...this.#agents]
      .filter(([, { heardAt }]) => dayOf(heardAt) === today)
      .map(([agent, { heardAt, tokensToday, costToday }]) => ({
        agent,
        lastUsedAt: heardAt,
        tokens: tokensToday,
        ...(costToday === undefined ? {} : { cost: costToday }),
      }));
  }

  /**
   * Adds what the last process saved, as far as it was used today. Call it once. It does not
   * restore the counters: they begin with their process.
   */
  restoreToday(used: readonly UsedToday[]): void {
    const { now, maxAgents } = this.#options;
    const today = dayOf(now());
    for (const { agent, lastUsedAt, tokens, cost } of used) {
      if (dayOf(lastUsedAt) !== today) continue;
      if (!this.#agents.has(agent) && this.#agents.size >= maxAgents) continue;
      const consumed = this.#agents.get(agent) ?? this.#add(agent, lastUsedAt, { isRestored: true });
      startDay(consumed, today);
      consumed.tokensToday += tokens;
      if (cost !== undefined) consumed.costToday = (consumed.costToday ?? 0) + cost;
    }
  }

  /**
   * Expires the restored agents that were last heard of at `silentSince` (epoch milliseconds) or
   * before, whether the book knows them or not. Returns the names, each once.
   */
  expireRestored(silentSince: number): string[] {
    const gone: string[] = [];
    for (const [agent, consumed] of this.#agents) {
      if (!consumed.isRestored || consumed.heardAt > silentSince) continue;
      consumed.isRestored = false;
      gone.push(agent);
    }
    return gone;
  }

  #of(agentName: string): Consumed {
    const now = this.#options.now();
    const consumed = this.#agents.get(agentName) ?? this.#add(agentName, now, { isRestored: false });
    consumed.heardAt = now;
    startDay(consumed, dayOf(now));
    return consumed;
  }

  #add(agentName: string, heardAt: number, { isRestored }: { isRestored: boolean }): Consumed {
    const consumed: Consumed = {
      heardAt,
      isRestored,
      day: dayOf(heardAt),
      tokensToday: 0,
      costToday: undefined,
      total: { input_tokens: 0, output_tokens: 0 },
      totalCost: undefined,
    };
    this.#agents.set(agentName, consumed);
    return consumed;
  }

  /**
   * Agents that have expired are not shown. If one comes back today, what it used today still
   * counts.
   */
  #observe(result: ObservableResult, of: (consumed: Consumed) => number | undefined): void {
    const { now, expiryMillis } = this.#options;
    for (const [agent, consumed] of this.#agents) {
      const day = dayOf(now());
      if (now() - consumed.heardAt >= expiryMillis) {
        if (consumed.day !== day) this.#agents.delete(agent);
        continue;
      }
      startDay(consumed, day);
      const value = of(consumed);
      if (value !== undefined) result.observe(value, { agent });
    }
  }
}

function dayOf(millis: number): number {
  return Math.floor(millis / DAY_MILLIS);
}

function startDay(consumed: Consumed, day: number): void {
  if (consumed.day === day) return;
  consumed.day = day;
  consumed.tokensToday = 0;
  if (consumed.costToday !== undefined) consumed.costToday = 0;
}
