import { expect, it } from "vitest";
import { methodNames } from "../../src/forecast/fit-options.ts";
import { gateFor } from "../../src/weights/gate-for.ts";

it("auto has learned weights when it is switched on, and learned always", () => {
  const having = (learned: boolean) =>
    methodNames.filter((method) => gateFor(method, { learned }) !== undefined);
  expect(having(false)).toEqual(["learned"]);
  expect(having(true)).toEqual(["auto", "learned"]);
  expect(gateFor("auto")).toBeUndefined();
});
