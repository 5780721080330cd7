import { isCount, type TokenUsage, tokenUsage } from "../../agents/token-usage.ts";
import { anthropicUsage } from "../work/anthropic-usage.ts";
import type { ResultMessage } from "./message.ts";

/** Maximum of sessions whose totals are remembered, in case they are resumed. */
const MAX_SESSIONS = 1000;

/** The names of providers in the GenAI conventions. */
const PROVIDERS: Readonly<Record<string, string>> = {
  firstParty: "anthropic",
  bedrock: "aws.bedrock",
  vertex: "gcp.vertex_ai",
};

/** What a model used: tokens, and the cost in US dollars that Claude Code estimates. */
export interface ModelUse {
  readonly usage: TokenUsage;
  /** Absent if it is unknown. */
  readonly cost?: number;
  readonly provider: string;
}

/** What was used, by model. */
export type Use = ReadonlyMap<string, ModelUse>;

/** Costs in US dollars are sums of floating-point numbers. */
const ROUNDING = 1e-9;

const NOTHING: Use = new Map();

/** The last totals of each session of this process: those of a session that is resumed go on. */
export class SessionTotals {
  readonly #totals = new Map<string, Use>();

  of(sessionId: string | undefined): Use | undefined {
    return sessionId === undefined ? undefined : this.#totals.get(sessionId);
  }

  set(sessionId: string | undefined, totals: Use): void {
    if (sessionId === undefined) return;
    this.#totals.delete(sessionId);
    this.#totals.set(sessionId, totals);
    for (const oldest of this.#totals.keys()) {
      if (this.#totals.size <= MAX_SESSIONS) break;
      this.#totals.delete(oldest);
    }
  }
}

/** Whether a query goes on with a session that was there before. */
export interface Resumption {
  readonly isResumed: boolean;
  /** The session, if the options of the query name it. */
  readonly sessionId?: string | undefined;
}

/**
 * What each turn of one query used. Results report totals of the whole query, and those of a resumed
 * session include what was used before.
 */
export class QueryUse {
  readonly #sessions: SessionTotals;
  readonly #resumption: Resumption;
  #resumedFrom: Use | undefined;
  #before: Use | undefined;

  constructor(sessions: SessionTotals, resumption: Resumption) {
    this.#sessions = sessions;
    this.#resumption = resumption;
    // Taken now: another query may go on with the same session.
    this.#resumedFrom = sessions.of(resumption.sessionId);
    if (!resumption.isResumed) this.#before = NOTHING;
  }

  /** The session is a new one from now on. Its totals may go on, or begin anew. */
  startsAnew(): void {
    this.#resumedFrom = this.#before ?? this.#resumedFrom;
    this.#before = undefined;
  }

  /** @param mainModel the model of the main loop, if it is known. */
  takeTurn(result: ResultMessage, mainModel: string | undefined): Use {
    const totals = totalsOf(result);
    // The result of a crash or of a start that failed has no totals.
    if (tokensOf(totals) === 0) return NOTHING;
    const used =
      this.#before === undefined
        ? this.#firstOf(totals, result, mainModel)
        : (difference(this.#before, totals) ?? totals);
    this.#before = totals;
    this.#sessions.set(result.session_id, totals);
    return used;
  }

  /**
   * The documentation of the SDK has two answers to what a session reports that was resumed or cleared:
   * the total, or only what is new. If the increase is less than the turn itself used, it is only what
   * is new. Without the totals of before, only the turn's main loop is known.
   */
  #firstOf(totals: Use, result: ResultMessage, mainModel: string | undefined): Use {
    const before = this.#resumedFrom ?? this.#sessions.of(this.#resumption.sessionId ?? result.session_id);
    const turn = usageOf(result.usage);
    if (before === undefined) {
      if (turn === undefined) return NOTHING;
      if (turn.input + turn.output >= tokensOf(totals)) return totals;
      const model = mainModel ?? [...totals.keys()][0];
      const provider = totals.get(model ?? "")?.provider ?? "anthropic";
      return model === undefined ? NOTHING : new Map([[model, { usage: turn, provider }]]);
    }
    const increase = difference(before, totals);
    if (increase === undefined) return totals;
    return tokensOf(increase) < (turn?.input ?? 0) + (turn?.output ?? 0) ? totals : increase;
  }
}

/** The increase of totals; `undefined` if one has fallen: then the session began anew. */
function difference(before: Use, totals: Use): Use | undefined {
  const increase = new Map<string, ModelUse>();
  for (const model of before.keys()) if (!totals.has(model)) return undefined;
  for (const [model, total] of totals) {
    const used = less(total, before.get(model));
    if (used === undefined) return undefined;
    const { usage, cost = 0 } = used;
    if (usage.input + usage.output > 0 || cost > 0) increase.set(model, used);
  }
  return increase;
}

/** The use since before; `undefined` if there was more before. */
function less(total: ModelUse, before: ModelUse | undefined): ModelUse | undefined {
  if (before === undefined) return total;
  const usage = tokenUsage(
    total.usage.input - before.usage.input,
    total.usage.output - before.usage.output,
    total.usage.cachedInput - before.usage.cachedInput,
    (total.usage.cacheWrite ?? 0) - (before.usage.cacheWrite ?? 0),
  );
  const hasFallen = total.usage.input < before.usage.input || total.usage.output < before.usage.output;
  if (usage === undefined || hasFallen) return undefined;
  const { provider, cost } = total;
  if (cost === undefined) return { usage, provider };
  const more = cost - (before.cost ?? 0);
  return more < -ROUNDING ? undefined : { usage, provider, cost: more > ROUNDING ? more : 0 };
}

function totalsOf({ modelUsage }: ResultMessage): Use {
  const totals = new Map<string, ModelUse>();
  for (const [model, given] of Object.entries(modelUsage ?? {})) {
    const usage = anthropicUsage({
      input: given?.inputTokens,
      output: given?.outputTokens,
      cacheRead: given?.cacheReadInputTokens,
      cacheWrite: given?.cacheCreationInputTokens,
    });
    if (usage === undefined) continue;
    const provider = PROVIDERS[given?.provider ?? "firstParty"] ?? given?.provider ?? "anthropic";
    totals.set(model, { usage, provider, ...(isCount(given?.costUSD) ? { cost: given.costUSD } : {}) });
  }
  return totals;
}

function usageOf(usage: ResultMessage["usage"]): TokenUsage | undefined {
  return anthropicUsage({
    input: usage?.input_tokens,
    output: usage?.output_tokens,
    cacheRead: usage?.cache_read_input_tokens,
    cacheWrite: usage?.cache_creation_input_tokens,
  });
}

function tokensOf(use: Use): number {
  let tokens = 0;
  for (const { usage } of use.values()) tokens += usage.input + usage.output;
  return tokens;
}
