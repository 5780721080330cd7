import { expect, it, vi } from "vitest";
import { Harness, World } from "../../run/harness.ts";

const prices = "prices: [{ model: m, input: 10000, output: 100000 }]";
const call = { input: 90, output: 10, cachedInput: 0 };

it("what agents use is added up by agent, with what it costs", () => {
  const { world, pipeline } = new Harness({ configFile: "prices" }, new World(), prices);
  const { consumption, book } = pipeline.instruments;
  for (let calls = 0; calls < 3; calls += 1) consumption.tokensUsed("planner", call, "m");
  consumption.tokensUsed("clerk", call, "of unknown price");
  const usedBy = (agent: string) => book.performance(agent, world.now()).resourceConsumption;
  expect(usedBy("planner")).toMatchObject({
    input_tokens: 270,
    output_tokens: 30,
    cost: expect.closeTo(5.7, 9),
  });
  expect(usedBy("clerk")).toMatchObject({ input_tokens: 90, output_tokens: 10 });
});

it("what is used first is announced, once: by an agent, or by a member", () => {
  const { consumption } = new Harness().pipeline.instruments;
  const announced = vi.fn();
  consumption.onFirstUse = announced;
  consumption.tokensUsed("planner", call, "m");
  consumption.tokensUsed("planner", call, "m");
  consumption.takeMember("a", []);
  expect(announced).toHaveBeenCalledTimes(1);
  const ofMembers = new Harness().pipeline.instruments.consumption;
  ofMembers.onFirstUse = announced;
  ofMembers.takeMember("a", []);
  expect(announced).toHaveBeenCalledTimes(2);
});

it("what an agent uses that is one too many is dropped, and counted by the reason", async () => {
  const harness = new Harness({ maxSeries: 1 });
  const { consumption } = harness.pipeline.instruments;
  for (const agent of ["planner", "clerk"]) consumption.tokensUsed(agent, call, "m");
  await harness.ticks(2);
  expect(await harness.value("forecast_skipped_total", { reason: "max_agents" })).toBe(1);
});
