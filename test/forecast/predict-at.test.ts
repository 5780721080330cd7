import { expect, test } from "vitest";
import { fitModel } from "../../src/forecast/fit-model.ts";
import { methodNames } from "../../src/forecast/fit-options.ts";

test.each(methodNames)("one step of %s is the last step of the path to it", (method) => {
  const values = Float64Array.from({ length: 120 }, (_, i) => 50 + 20 * Math.sin(i / 4) + ((i * 7919) % 13));
  const fitted = fitModel({ values, stepSeconds: 10 }, { method, bounds: { lower: 0 }, horizonSteps: 40 });
  if (fitted.state !== "ready") throw new Error(fitted.state);
  for (const step of [1, 2, 39, 40, 60]) {
    const path = fitted.model.predict(step);
    const last = Object.entries(path).map(([name, numbers]) => [name, numbers[step - 1]]);
    expect(fitted.model.predictAt(step)).toEqual(Object.fromEntries(last));
  }
});
