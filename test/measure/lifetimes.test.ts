import { expect, it } from "vitest";
import type { OwnInstruments } from "../../src/measure/instruments/own-instruments.ts";
import { Lifetimes } from "../../src/measure/lifetimes.ts";
import { PROCESS_SCOPE, RUNTIME_SCOPE, TASK_SCOPE } from "../../src/otel/scopes.ts";

const EXPIRY = 60_000;
const NOW = Date.UTC(2026, 0, 1);

/** The lifetimes of agents that are there, and of those that are gone after a call. */
function lifetimes({ there = [] as string[], gone = [] as string[], restored = [] as string[] }) {
  const asked: number[] = [];
  const own = {
    book: { expire: () => gone, agentNames: there },
    consumption: {
      expireRestored: (silentSince: number) => {
        asked.push(silentSince);
        return restored;
      },
    },
    ...{ processAgent: "process", runtimeAgent: "process", settleProcessAgent: () => {} },
  };
  const it = new Lifetimes({
    own: own as unknown as OwnInstruments,
    ...{ expiryMillis: EXPIRY, intervalMillis: 10_000 },
  });
  return { it, own, asked };
}

it("agents of the last process expire by the clock of the machine", () => {
  const { it: known, asked } = lifetimes({});
  known.expire({ now: NOW, steadyMillis: 5000 });
  known.expire({ now: NOW + 10_000, steadyMillis: 15_000 });
  expect(asked).toEqual([NOW - EXPIRY, NOW + 10_000 - EXPIRY]);
});

it("a source is gone when its agent is, or when it was silent for the expiry", () => {
  const { it: known } = lifetimes({ there: ["here"], gone: ["left", "process"], restored: ["old"] });
  known.expire({ now: NOW, steadyMillis: 100_000 });
  const isGone = known.gone();
  expect(["here", "left", "old", "process", "other"].map((agent) => isGone({ agent }, 100_000))).toEqual([
    ...[false, true, true, false, false],
  ]);
  expect(isGone({ agent: "other" }, 40_000)).toBe(true);
  expect(isGone({}, 40_000)).toBe(true);
  expect(isGone({}, 40_001)).toBe(false);
  expect(isGone({ agent: "here" }, 0)).toBe(false);
});

it("what was measured of the process leaves its former agent", () => {
  const { it: known, own } = lifetimes({ there: ["process"] });
  expect(known.expire({ now: NOW, steadyMillis: 0 })).toBeUndefined();
  own.settleProcessAgent = () => {
    own.processAgent = "shop";
    own.runtimeAgent = "shop";
  };
  const isFormer = known.expire({ now: NOW, steadyMillis: 1 });
  const former = (agent: string | undefined, scope: string) => isFormer?.(agent ? { agent } : {}, 0, scope);
  expect([PROCESS_SCOPE, RUNTIME_SCOPE, TASK_SCOPE].map((scope) => former("process", scope))).toEqual([
    ...[true, true, false],
  ]);
  for (const scope of [PROCESS_SCOPE, RUNTIME_SCOPE]) {
    expect(former("shop", scope)).toBe(false);
    expect(former(undefined, scope)).toBe(false);
  }
});
