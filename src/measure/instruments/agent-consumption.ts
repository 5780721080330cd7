import type { Counter, Meter, ObservableResult } from "@opentelemetry/api";
import type { AgentBook } from "../../agents/agent-book.ts";
import type { TokenUsage } from "../../agents/token-usage.ts";
import type { SkipLog } from "../../logging/skip-log.ts";
import { agentMetrics } from "../../metrics/agent-metrics.ts";
import { createCounter, createObservableGauge } from "../../otel/create-instrument.ts";
import type { PriceOf } from "./prices.ts";
import type { UsedToday } from "./used-today.ts";

const DAY_MILLIS = 24 * 60 * 60 * 1000;

interface AgentConsumptionOptions {
  readonly book: AgentBook;
  readonly priceOf: PriceOf;
  readonly skips: SkipLog;
  /** How many agents of before a restart there is room for. */
  readonly maxAgents: number;
  readonly expiryMillis: number;
  readonly now: () => number;
}

interface Consumed {
  heardAt: number;
  /** Known from before a restart: the book may never hear of it, and would then not tell when it has gone. */
  isFromBefore: boolean;
  day: number;
  tokensToday: number;
  costToday: number | undefined;
  readonly total: Record<"input_tokens" | "output_tokens", number>;
  totalCost: number | undefined;
}

/**
 * Tokens of each agent and, where their model has a price, what they cost: as counters, and as what was used since
 * midnight UTC, which a daily budget is set against. The names it is given are bounded by the caller.
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

  /** `usage` counts whole tokens; `model` is looked up in the price table. */
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

  /** What each agent used today, to be taken over by the process that comes after this one. */
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
   * Goes on with what the process before this one told, as far as that was today; to be called once. What was used
   * meanwhile stays counted. Counters begin with their process.
   */
  goOnFrom(used: readonly UsedToday[]): void {
    const { now, maxAgents } = this.#options;
    const today = dayOf(now());
    for (const { agent, lastUsedAt, tokens, cost } of used) {
      if (dayOf(lastUsedAt) !== today) continue;
      if (!this.#agents.has(agent) && this.#agents.size >= maxAgents) continue;
      const consumed = this.#agents.get(agent) ?? this.#add(agent, lastUsedAt, { isFromBefore: true });
      startDay(consumed, today);
      consumed.tokensToday += tokens;
      if (cost !== undefined) consumed.costToday = (consumed.costToday ?? 0) + cost;
    }
  }

  /**
   * Agents from before the restart that were last heard of at `silentSince` (epoch milliseconds) or before, whether the
   * book knows them or not. Returns each once.
   */
  expireFromBefore(silentSince: number): string[] {
    const gone: string[] = [];
    for (const [agent, consumed] of this.#agents) {
      if (!consumed.isFromBefore || consumed.heardAt > silentSince) continue;
      consumed.isFromBefore = false;
      gone.push(agent);
    }
    return gone;
  }

  #of(agentName: string): Consumed {
    const now = this.#options.now();
    const consumed = this.#agents.get(agentName) ?? this.#add(agentName, now, { isFromBefore: false });
    consumed.heardAt = now;
    startDay(consumed, dayOf(now));
    return consumed;
  }

  #add(agentName: string, heardAt: number, { isFromBefore }: { isFromBefore: boolean }): Consumed {
    const consumed: Consumed = {
      heardAt,
      isFromBefore,
      day: dayOf(heardAt),
      tokensToday: 0,
      costToday: undefined,
      total: { input_tokens: 0, output_tokens: 0 },
      totalCost: undefined,
    };
    this.#agents.set(agentName, consumed);
    return consumed;
  }

  /** An agent that was not heard of for the expiry is not shown; what it used today counts if it comes back today. */
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
