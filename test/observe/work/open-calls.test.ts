import { expect, it } from "vitest";
import { OpenCalls } from "../../../src/observe/work/open-calls.ts";

function opened(...models: (string | undefined | false)[]) {
  const closed: unknown[] = [];
  const calls = new OpenCalls();
  const all = models.map((model) =>
    calls.add({
      isOfModel: model !== false,
      model: model === false ? undefined : model,
      close: () => closed.push(model),
    }),
  );
  return { calls, all, closed };
}

it("a call is closed once", () => {
  const { calls, all, closed } = opened("a", "b");
  const [first] = all;
  expect([first && calls.close(first), first && calls.close(first)]).toEqual([true, false]);
  calls.closeAll();
  calls.closeAll();
  expect(closed).toEqual(["a", "b"]);
});

it.each([
  [["a"], "a", true],
  [["a", "b"], "b", true],
  [["a"], "b", false],
  [[undefined], "b", true],
  [["a"], undefined, true],
  // A call of a tool names no model.
  [[false], "a", false],
  [[false], undefined, false],
  [[], undefined, false],
] as const)("with the open calls of %j, the model %s is asked: %s", (models, model, isAsked) => {
  expect(opened(...models).calls.isAsking(model)).toBe(isAsked);
});
