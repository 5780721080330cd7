import { afterEach, expect, it } from "vitest";
import { currentRunId } from "../../../src/observe/langchain/current-run.ts";

const CONTEXT = Symbol.for("ls:tracing_async_local_storage");
const CONFIG = Symbol.for("lc:child_config");
const place = globalThis as unknown as Record<symbol, unknown>;
const before = place[CONTEXT];

afterEach(() => {
  place[CONTEXT] = before;
});

it.each([
  ["no context", undefined, undefined],
  ["no store", { getStore: () => undefined }, undefined],
  ["no configuration", { getStore: () => ({ extra: {} }) }, undefined],
  ["no callbacks", { getStore: () => ({ extra: { [CONFIG]: {} } }) }, undefined],
  ["callbacks without a run", { getStore: () => ({ extra: { [CONFIG]: { callbacks: {} } } }) }, undefined],
  ["a run", { getStore: () => ({ extra: { [CONFIG]: { callbacks: { getParentRunId: () => "7" } } } }) }, "7"],
])("with %s the running code belongs to the run %s", (_, context, id) => {
  place[CONTEXT] = context;
  expect(currentRunId()).toBe(id);
});
