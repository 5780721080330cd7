import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { factorOf, gatedWeights } from "../../src/forecast/gate/gate.ts";
import { GateNet } from "../../src/forecast/gate/gate-net.ts";
import { type GateFile, weightsIn } from "../../src/weights/gate-file.ts";

interface Example {
  readonly globals: readonly number[];
  readonly row: readonly number[];
  readonly auto: readonly number[];
  readonly weights: readonly number[];
  readonly factors: readonly number[];
}

const read = <Content>(path: string): Content =>
  JSON.parse(readFileSync(resolve(import.meta.dirname, path), "utf8"));
const file = read<GateFile>("../../src/weights/gate.json");
/** What the training computed with the weights of the package, by PyTorch. */
const { examples } = read<{ examples: readonly Example[] }>("./gate-fixtures.json");
const net = new GateNet(weightsIn(file, file.memberHash));

describe("the net of the package", () => {
  it.each(examples.map((example, index) => [index, example] as const))(
    "says what it said when it was trained: %i",
    (_, { globals, row, auto, weights, factors }) => {
      net.see(Float32Array.from(globals));
      const out = net.at(Float32Array.from(row));
      const said = gatedWeights(Float64Array.from(auto), out);
      for (const [method, weight] of weights.entries())
        expect(Math.abs((said[method] as number) - weight)).toBeLessThan(1e-5);
      for (const [bound, factor] of factors.entries())
        expect(factorOf(out[auto.length + bound] as number) / factor).toBeCloseTo(1, 5);
    },
  );

  it("was shown some examples", () => {
    expect(examples.length).toBeGreaterThanOrEqual(20);
  });
});
