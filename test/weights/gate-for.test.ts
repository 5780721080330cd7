import { expect, it } from "vitest";
import { fitModel } from "../../src/forecast/fit-model.ts";
import { methodNames } from "../../src/forecast/fit-options.ts";
import { gateFor } from "../../src/weights/gate-for.ts";

it("auto has learned weights when it is switched on, and learned always", () => {
  const having = (learned: boolean) =>
    methodNames.filter((method) => gateFor(method, { learned }) !== undefined);
  expect(having(false)).toEqual(["learned"]);
  expect(having(true)).toEqual(["auto", "learned"]);
  expect(gateFor("auto")).toBeUndefined();
});

it("the learned weights are of as many methods as auto has, and change what it forecasts", () => {
  const values = Array.from({ length: 80 }, (_, index) => (index < 50 ? 3 + (index % 4) : 9 + (index % 3)));
  const meansOf = (method: string) => {
    const gate = gateFor(method);
    const result = fitModel({ values, stepSeconds: 60 }, { method, horizonSteps: 20, ...(gate && { gate }) });
    if (result.state !== "ready") throw new Error(result.state);
    return Array.from(result.model.predict(20).mean);
  };
  const [auto, learned] = [meansOf("auto"), meansOf("learned")];
  expect(learned).not.toEqual(auto);
  // A forecast by weights lies among those of the methods, which follow the level of the last values.
  expect(learned.every((mean) => mean > 5 && mean < 15)).toBe(true);
});
