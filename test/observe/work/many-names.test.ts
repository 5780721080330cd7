import { expect, it } from "vitest";
import { WorkBench } from "../bench-of-work.ts";

/** More than there is room for, of agents, models and tools each. */
const NAMES = 300;

it("keeps a bounded number of series of ever new agents, models and tools", () => {
  const { log, harness } = new WorkBench();
  const usage = { input: 10, output: 1, cachedInput: 1, cacheWrite: 1 };
  for (let agent = 0; agent < NAMES; agent += 1) {
    const agentName = log.agentName(`agent ${agent}`);
    for (let one = 0; one < NAMES; one += 1) {
      log.tokensUsed(agentName, usage, { operation: "chat", model: `model ${one}`, cost: 1 });
      log.firstTokenArrived(agentName, `model ${one}`, 1);
      log.toolCalled(agentName, `tool ${one}`, true);
    }
  }
  const { consumption, runs } = harness.pipeline.instruments;
  const points = [...consumption.collect(), ...runs.collect()].map(({ name, points: { length } }) => [
    name.replace("ai_cloud.", ""),
    length,
  ]);
  const names = 201;
  expect(Object.fromEntries(points)).toEqual({
    tokens: 2 * names,
    cost: names,
    "model.tokens": 4 * names * names,
    "model.cost": names * names,
    "first_token.duration": names * names,
    repeated_tool_calls: names * names,
  });
});
