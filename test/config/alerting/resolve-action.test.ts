import { expect, it } from "vitest";
import type { ActionRule } from "../../../src/alerts/entries.ts";
import { Findings } from "../../../src/config/alerting/findings.ts";
import { resolveAction } from "../../../src/config/alerting/resolve-action.ts";

const store = { environment: {}, readFile: () => "" };

function resolved(entry: ActionRule): unknown {
  const findings = new Findings();
  const action = resolveAction("act", entry, store, findings);
  expect(findings.all).toEqual([]);
  return action;
}

it("an action has the defaults of its kind", () => {
  const common = { acts: false, timeoutMillis: 10_000, key: "{{alert}} {{series}}", onPassed: true };
  expect(resolved({ function: "f", effect: "add" })).toEqual({
    ...common,
    name: "act",
    target: { kind: "function", name: "f", run: undefined },
    effect: "add",
    retries: 0,
    onResolved: false,
  });
  const url = "http://127.0.0.1:9093/";
  expect(resolved({ webhook: url, effect: "reduce" })).toMatchObject({
    ...common,
    target: { kind: "webhook", url: new URL(url), secret: undefined },
    effect: "reduce",
    retries: 3,
    onResolved: true,
  });
  expect(resolved({ alertmanager: url })).toMatchObject({ ...common, effect: "protect", retries: 3 });
});

it.each([
  ["1h", 3_600_000],
  ["3s", 3000],
  ["2m", 120_000],
])("the timeout %s of an action is %i milliseconds", (timeout, timeoutMillis) => {
  expect(resolved({ function: "f", effect: "add", timeout })).toMatchObject({ timeoutMillis });
});

it.each([
  [{ function: "f" }, "effect", "is missing: one of add, protect, reduce, delete"],
  [{ function: "f", effect: "add", key: "{{alert" }, "key", "has a field without its }}: {{alert"],
  [{ function: "f", effect: "add", key: "{{nothing}}" }, "key", "there is no field {{nothing}}"],
] as const)("an action that is %j is refused at its %s: it %s", (entry, key, reason) => {
  const findings = new Findings();
  resolveAction("act", entry, store, findings);
  expect(findings.all).toEqual([{ path: [key], message: expect.stringContaining(reason) }]);
});
