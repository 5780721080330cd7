import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ResultMessage } from "../../../src/observe/claude-agent-sdk/message.ts";
import {
  QueryUse,
  type Resumption,
  SessionTotals,
  type Use,
} from "../../../src/observe/claude-agent-sdk/usage.ts";
import { result, totals } from "./fake-sdk.ts";

const SESSION = "session";
const NEW: Resumption = { isResumed: false };
const RESUMED: Resumption = { isResumed: true, sessionId: SESSION };
const CONTINUED: Resumption = { isResumed: true };

/** The result of a turn that uses as much as one turn, with totals of a number of turns. */
function of(turns: number, more: object = {}): ResultMessage {
  return result(turns, { session_id: SESSION, ...more }) as ResultMessage;
}

/** How many turns the use of a model is, by its tokens and by its cost. */
function turnsIn(use: Use, model = "large"): { tokens: number; cost: number | undefined } {
  const { usage, cost } = use.get(model) ?? { usage: { input: 0, output: 0 }, cost: 0 };
  expect(usage.output * 16).toBe(usage.input * 5);
  return { tokens: usage.output / 5, cost: cost === undefined ? undefined : Math.round(cost * 1e8) / 1e6 };
}

const ONE = { tokens: 1, cost: 1 };
const NONE = { tokens: 0, cost: 0 };

describe("the use of a turn", () => {
  it("has the tokens of a cache in its input, and its cost and provider", () => {
    const use = new QueryUse(new SessionTotals(), NEW).takeTurn(of(1), "large");
    const usage = { input: 16, output: 5, cachedInput: 4, cacheWrite: 2 };
    expect([...use]).toEqual([["large", { usage, cost: 0.01, provider: "anthropic" }]]);
  });

  it.for([
    ["bedrock", "aws.bedrock"],
    ["vertex", "gcp.vertex_ai"],
    ["gateway", "gateway"],
  ])("has the provider %s by its name in the conventions", ([given, provider]) => {
    const modelUsage = { m: { inputTokens: 1, outputTokens: 1, provider: given } };
    const use = new QueryUse(new SessionTotals(), NEW).takeTurn(of(1, { modelUsage }), "m");
    expect(use.get("m")).toEqual({ usage: { input: 1, output: 1, cachedInput: 0 }, provider });
  });

  it("adds up to the last totals, whatever they were before", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5), { minLength: 1 }), (increases) => {
        const use = new QueryUse(new SessionTotals(), NEW);
        let all = 0;
        let counted = 0;
        for (const increase of increases) {
          all += increase;
          counted += turnsIn(use.takeTurn(of(all), "large")).tokens;
        }
        expect(counted).toBe(all);
      }),
    );
  });

  it("is that of each model; a model may come later", () => {
    const use = new QueryUse(new SessionTotals(), NEW);
    use.takeTurn(of(1), "large");
    const modelUsage = { ...totals(1), ...totals(2, "small") };
    const second = use.takeTurn(of(1, { modelUsage }), "large");
    expect([turnsIn(second), turnsIn(second, "small")]).toEqual([NONE, { tokens: 2, cost: 2 }]);
    expect([...second.keys()]).toEqual(["small"]);
  });

  it("begins anew when the totals have fallen; a result without totals changes nothing", () => {
    const use = new QueryUse(new SessionTotals(), NEW);
    expect(turnsIn(use.takeTurn(of(3), "large"))).toEqual({ tokens: 3, cost: 3 });
    expect([...use.takeTurn(of(0, { modelUsage: {} }), "large")]).toEqual([]);
    expect([...use.takeTurn(of(0), "large")]).toEqual([]);
    expect(turnsIn(use.takeTurn(of(4), "large"))).toEqual(ONE);
    expect(turnsIn(use.takeTurn(of(1), "large"))).toEqual(ONE);
    expect(turnsIn(use.takeTurn(of(1, { modelUsage: totals(2, "small") }), "large"), "small").tokens).toBe(2);
  });
});

describe("a session that starts anew within a query", () => {
  it.for([[1], [2], [3]])("counts all of its first turn, after %i turns", ([before]) => {
    const use = new QueryUse(new SessionTotals(), NEW);
    use.takeTurn(of(before as number), "large");
    use.startsAnew();
    expect([...use.takeTurn(of(0, { modelUsage: {} }), "large")]).toEqual([]);
    expect(turnsIn(use.takeTurn(of(1), "large"))).toEqual(ONE);
    expect(turnsIn(use.takeTurn(of(2), "large"))).toEqual(ONE);
  });

  it("counts more than before as what is new, if the turn itself has used as much", () => {
    const use = new QueryUse(new SessionTotals(), NEW);
    use.takeTurn(of(1), "large");
    use.startsAnew();
    const usage = { input_tokens: 20, output_tokens: 10, cache_read_input_tokens: 8 };
    expect(turnsIn(use.takeTurn(of(2, { usage }), "large"))).toEqual({ tokens: 2, cost: 2 });
  });

  it("counts the increase, if the totals go on", () => {
    const use = new QueryUse(new SessionTotals(), NEW);
    use.takeTurn(of(1), "large");
    use.startsAnew();
    expect(turnsIn(use.takeTurn(of(2), "large"))).toEqual(ONE);
  });

  it("may do so before its first turn", () => {
    for (const resumption of [NEW, RESUMED]) {
      const sessions = new SessionTotals();
      new QueryUse(sessions, NEW).takeTurn(of(1), "large");
      const use = new QueryUse(sessions, resumption);
      use.startsAnew();
      expect(turnsIn(use.takeTurn(of(1), "large"))).toEqual(ONE);
    }
  });
});

describe("the use of a turn by its totals", () => {
  const counted = (input: number, output: number, read = 0, written = 0, costUSD?: number) => ({
    m: {
      ...{ inputTokens: input, outputTokens: output, cacheReadInputTokens: read },
      ...{ cacheCreationInputTokens: written, costUSD },
    },
  });

  /** What the second of two turns used. */
  function second(one: object, other: object): object[] {
    const use = new QueryUse(new SessionTotals(), NEW);
    use.takeTurn(of(1, { modelUsage: one }), "m");
    return [...use.takeTurn(of(1, { modelUsage: other }), "m").values()];
  }
  const used = (input: number, output: number, cachedInput: number, more: object = {}) => ({
    ...{ provider: "anthropic", usage: { input, output, cachedInput, ...more } },
  });

  it("is the difference of each count", () => {
    const use = second(counted(10, 5, 4, 3), counted(100, 50, 44, 33));
    expect(use).toEqual([used(90 + 40 + 30, 45, 40, { cacheWrite: 30 })]);
  });

  it.each([
    [counted(10, 5), counted(9, 6)],
    [counted(10, 5), counted(11, 4)],
    [counted(10, 5, 0, 0, 2), counted(11, 6, 0, 0, 1)],
  ])("is all of it where one count has fallen: from %j to %j", (one, other) => {
    const [{ usage }] = second(one, other) as [{ usage: { input: number } }];
    expect(usage.input).toBe(other.m.inputTokens);
  });

  it.each([
    [1, 3, 2],
    [undefined, 3, 3],
    [0.3, 0.1 + 0.2, 0],
    [0.1 + 0.2, 0.3, 0],
  ])("costs from %d to %d are %d", (one, other, cost) => {
    expect(second(counted(1, 1, 0, 0, one), counted(2, 1, 0, 0, other))).toEqual([
      { ...used(1, 0, 0), cost },
    ]);
  });

  it("is known by its cost alone, and nothing without any", () => {
    expect(second(counted(1, 1, 0, 0, 1), counted(1, 1, 0, 0, 2))).toEqual([{ ...used(0, 0, 0), cost: 1 }]);
    expect(second(counted(1, 1, 0, 0, 1), counted(1, 1, 0, 0, 1))).toEqual([]);
    expect(second(counted(1, 1), counted(1, 1))).toEqual([]);
  });
});

it("the totals of at most a thousand sessions are kept, those that went on last", () => {
  const sessions = new SessionTotals();
  const use: Use = new Map();
  for (let id = 0; id < 1000; id += 1) sessions.set(`${id}`, use);
  sessions.set("0", use);
  sessions.set(undefined, use);
  expect([sessions.of("1"), sessions.of(undefined)]).toEqual([use, undefined]);
  sessions.set("new", use);
  expect(["0", "1", "2", "new"].map((id) => sessions.of(id) !== undefined)).toEqual([
    true,
    false,
    true,
    true,
  ]);
});

describe("a session that is resumed", () => {
  it.for([
    ["by its id", RESUMED],
    ["as the last one", CONTINUED],
  ] as const)("counts what is new, if its totals go on: %s", ([, resumption]) => {
    const sessions = new SessionTotals();
    new QueryUse(sessions, NEW).takeTurn(of(3), "large");
    const use = new QueryUse(sessions, resumption);
    expect(turnsIn(use.takeTurn(of(4), "large"))).toEqual(ONE);
    expect(turnsIn(use.takeTurn(of(6), "large"))).toEqual({ tokens: 2, cost: 2 });
  });

  it.for([[1], [2], [3]])(
    "counts all, if its totals begin anew, also with those of before: %i turns",
    ([before]) => {
      const sessions = new SessionTotals();
      new QueryUse(sessions, NEW).takeTurn(of(before as number), "large");
      expect(turnsIn(new QueryUse(sessions, RESUMED).takeTurn(of(1), "large"))).toEqual(ONE);
    },
  );

  it("may be forked twice: each fork goes on with the totals at its start", () => {
    const sessions = new SessionTotals();
    new QueryUse(sessions, NEW).takeTurn(of(2), "large");
    const forks = ["one", "two"].map((id) => [id, new QueryUse(sessions, RESUMED)] as const);
    for (const [session_id, use] of forks)
      expect(turnsIn(use.takeTurn(of(3, { session_id }), "large"))).toEqual(ONE);
    expect(
      turnsIn(new QueryUse(sessions, { isResumed: true, sessionId: "one" }).takeTurn(of(4), "large")),
    ).toEqual(ONE);
  });

  it("of another process counts the tokens of its main loop, without a cost", () => {
    const use = new QueryUse(new SessionTotals(), RESUMED);
    expect(turnsIn(use.takeTurn(of(5), "large"))).toEqual({ tokens: 1, cost: undefined });
    expect(turnsIn(use.takeTurn(of(6), "large"))).toEqual(ONE);
  });

  it("of another process counts all, if that is what its main loop used", () => {
    expect(turnsIn(new QueryUse(new SessionTotals(), RESUMED).takeTurn(of(1), "large"))).toEqual(ONE);
  });

  it("is remembered among the last 1000", () => {
    const sessions = new SessionTotals();
    const total: Use = new Map();
    for (let id = 0; id <= 1000; id += 1) sessions.set(`${id}`, total);
    expect([sessions.of("0"), sessions.of("1"), sessions.of(undefined)]).toEqual([
      undefined,
      total,
      undefined,
    ]);
  });
});
