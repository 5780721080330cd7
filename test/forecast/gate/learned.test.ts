import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PredictedPath } from "../../../src/core/model.ts";
import type { Evidence } from "../../../src/forecast/combination/evidence.ts";
import { fitModel } from "../../../src/forecast/fit-model.ts";
import { Gate } from "../../../src/forecast/gate/gate.ts";
import { gateFor } from "../../../src/weights/gate-for.ts";

const gate = gateFor("learned") as Gate;
const anyPast = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 12, maxLength: 90 });

function pathOf(
  values: readonly number[],
  options: { method: string; gate?: Gate; steps?: number },
): PredictedPath {
  const { steps = 30, ...asked } = options;
  const result = fitModel({ values, stepSeconds: 10 }, { ...asked, horizonSteps: steps });
  if (result.state !== "ready") throw new Error(result.state);
  return result.model.predict(steps);
}

/** Counts how often it is asked. */
class AskedGate extends Gate {
  asked = 0;

  constructor() {
    super("asked", new Proxy({} as never, {}), 0);
  }

  override judge({ weights, walks }: Evidence) {
    this.asked++;
    const horizons = walks.map(({ horizon }) => horizon);
    return { horizons, weights, factors: new Float32Array(4 * horizons.length).fill(1) };
  }
}

describe("learned", () => {
  it("forecasts as auto does without its weights", () => {
    fc.assert(
      fc.property(anyPast, (values) => {
        expect(pathOf(values, { method: "learned" })).toEqual(pathOf(values, { method: "auto" }));
      }),
      { numRuns: 30 },
    );
  });

  it("forecasts as auto does with weights that change nothing", () => {
    fc.assert(
      fc.property(anyPast, (values) => {
        const unchanged = pathOf(values, { method: "learned", gate: new AskedGate() });
        expect(unchanged).toEqual(pathOf(values, { method: "auto" }));
      }),
      { numRuns: 30 },
    );
  });

  it("says that it is learned, and which methods speak", () => {
    const values = Array.from({ length: 60 }, (_, index) => index % 7);
    const result = fitModel({ values, stepSeconds: 10 }, { method: "learned", gate, horizonSteps: 30 });
    expect(result).toHaveProperty("model.method", expect.stringMatching(/^learned: [a-z()0-9-]+ \+ /));
  });

  it("forecasts the same twice, shifted and scaled", () => {
    fc.assert(
      fc.property(anyPast, (values) => {
        const plain = pathOf(values, { method: "learned", gate });
        expect(pathOf(values, { method: "learned", gate })).toEqual(plain);
        const moved = pathOf(
          values.map((value) => 1000 + 8 * value),
          { method: "learned", gate },
        );
        for (const bound of ["lower95", "mean", "upper80"] as const)
          plain[bound].forEach((value, index) => {
            expect(moved[bound][index]).toBeCloseTo(1000 + 8 * value, 6);
          });
      }),
      { numRuns: 40 },
    );
  });

  it("is named apart from auto for a series that has never moved", () => {
    const methodOf = (method: string): unknown => {
      const result = fitModel(
        { values: new Array(40).fill(7), stepSeconds: 10 },
        { method, gate, horizonSteps: 30 },
      );
      return result.state === "ready" ? result.model.method : result.state;
    };
    expect(methodOf("learned")).toMatch(/^learned: /);
    expect(methodOf("auto")).toMatch(/^auto: /);
    expect(methodOf("learned")).toMatch(/^learned: /);
  });

  it("keeps a constant constant", () => {
    const { mean, lower80, upper80 } = pathOf(new Array(40).fill(7), { method: "learned", gate });
    for (const path of [mean, lower80, upper80]) expect(new Set(path)).toEqual(new Set([7]));
  });

  it("nests its intervals, with the forecast inside", () => {
    fc.assert(
      fc.property(anyPast, (values) => {
        const { lower95, lower80, mean, upper80, upper95 } = pathOf(values, { method: "learned", gate });
        for (let step = 0; step < mean.length; step++) {
          const row = [lower95, lower80, mean, upper80, upper95].map((path) => path[step] as number);
          expect(row.toSorted((a, b) => a - b)).toEqual(row);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe("auto with learned weights", () => {
  const past = (points: number) =>
    Array.from({ length: points }, (_, index) => Math.sin(index) + (index % 5));

  it.each([
    { points: 12, steps: 360, asked: 1 },
    { points: 11, steps: 360, asked: 0 },
    { points: 2000, steps: 60, asked: 1 },
    { points: 2001, steps: 60, asked: 0 },
    { points: 100, steps: 361, asked: 0 },
  ])("asks for them where they were trained: %j", ({ points, steps, asked }) => {
    const counted = new AskedGate();
    pathOf(past(points), { method: "auto", gate: counted, steps });
    expect(counted.asked).toBe(asked);
    const byName = new AskedGate();
    pathOf(past(points), { method: "learned", gate: byName, steps });
    expect(byName.asked).toBe(1);
  });

  it("has none for another method", () => {
    const counted = new AskedGate();
    pathOf(past(50), { method: "theta", gate: counted });
    expect(counted.asked).toBe(0);
  });
});
