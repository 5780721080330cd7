import { expect, it, vi } from "vitest";
import { gateFor } from "../../src/weights/gate-for.ts";

vi.mock("../../src/weights/learned-gate.ts", () => ({
  learnedGate: () => ({ gate: undefined, reason: "gate.json is missing" }),
}));

it("logs once in a process why the learned weights cannot be used, and goes on without them", () => {
  const lines: string[] = [];
  const warn = (line: string) => lines.push(line);
  expect(gateFor("auto", { warn })).toBeUndefined();
  expect(lines).toEqual([]);
  expect(gateFor("auto", { learned: true, warn })).toBeUndefined();
  expect(gateFor("learned", { warn })).toBeUndefined();
  expect(lines).toEqual(["forecasts are made without learned weights: gate.json is missing"]);
});
