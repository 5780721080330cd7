import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { pythonWithNumpy, run } from "../../bench/accuracy/harness/python.ts";
import { gatedWeights } from "../../src/forecast/gate/gate.ts";
import { GateNet } from "../../src/forecast/gate/gate-net.ts";
import { type GateFile, weightsIn } from "../../src/weights/gate-file.ts";
import { memberHash } from "../../src/weights/member-hash.ts";

const root = resolve(import.meta.dirname, "../..");
const SERIES = 300;
const META = 4;

interface Shape {
  readonly memberHash: string;
  readonly globalInputs: number;
  readonly rowInputs: number;
  readonly rows: number;
  readonly targets: number;
  readonly members: number;
  readonly count: number;
}

/** Generated series that the net was not trained on, as the training reads them. */
let folder: string;
let shape: Shape;
let records: Float32Array;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "training-"));
  const generated = join(folder, "series");
  run(pythonWithNumpy(), [
    join(root, "training/generate.py"),
    ...["--seed", "977", "--count", String(SERIES), "--out", generated],
  ]);
  run(process.execPath, [join(root, "training/export.mjs"), generated, join(folder, "records")]);
  shape = JSON.parse(readFileSync(join(folder, "records.json"), "utf8")) as Shape;
  records = new Float32Array(new Uint8Array(readFileSync(join(folder, "records.bin"))).buffer);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("the generator passes its own tests", () => {
  run(pythonWithNumpy(), [
    "-m",
    "unittest",
    "discover",
    "-q",
    "-s",
    join(root, "training"),
    "-p",
    "test_generate.py",
  ]);
  expect(shape.count).toBeGreaterThan(0.9 * SERIES);
});

it("the export writes records of the shape that its header says, for the methods of the package", () => {
  const { globalInputs, rowInputs, rows, targets, members, count } = shape;
  const width = META + globalInputs + rows * (rowInputs + members + targets * (members + 2) + 4 + 1);
  expect(records.length).toBe(count * width);
  expect(shape.memberHash).toBe(memberHash);
});

/** The CRPS of forecasts with weights: https://doi.org/10.1198/016214506000001437, equation 21 */
function scoreOf(forecasts: Float32Array, weights: Float64Array, actual: number): number {
  let score = 0;
  for (const [one, weight] of weights.entries()) {
    score += weight * Math.abs((forecasts[one] as number) - actual);
    for (const [other, also] of weights.entries())
      score -= 0.5 * weight * also * Math.abs((forecasts[one] as number) - (forecasts[other] as number));
  }
  return score;
}

it("series that the net was not trained on are forecast better with its weights", () => {
  const file = JSON.parse(readFileSync(join(root, "src/weights/gate.json"), "utf8")) as GateFile;
  const net = new GateNet(weightsIn(file, memberHash));
  const { globalInputs, rowInputs, rows, targets, members, count } = shape;
  const width = records.length / count;
  const logarithms: number[] = [];
  for (let record = 0; record < count; record++) {
    const at = (from: number, length: number) =>
      records.subarray(record * width + from, record * width + from + length);
    const rowsFrom = META + globalInputs;
    const weightsFrom = rowsFrom + rows * rowInputs;
    const forecastsFrom = weightsFrom + rows * members;
    const actualFrom = forecastsFrom + rows * targets * members;
    net.see(at(META, globalInputs));
    for (let row = 0; row < rows; row++) {
      const actual = at(actualFrom + row * targets, 1)[0] as number;
      const byErrors = Float64Array.from(at(weightsFrom + row * members, members));
      const total = byErrors.reduce((sum, weight) => sum + weight, 0);
      if (Number.isNaN(actual) || total === 0) continue;
      const forecasts = at(forecastsFrom + row * targets * members, members);
      const learned = gatedWeights(byErrors, net.at(at(rowsFrom + row * rowInputs, rowInputs)));
      const [own, reference] = [learned, byErrors.map((weight) => weight / total)].map((weights) =>
        scoreOf(forecasts, weights, actual),
      ) as [number, number];
      logarithms.push(Math.log((own + 0.05) / (reference + 0.05)));
    }
  }
  const mean = logarithms.reduce((sum, one) => sum + one, 0) / logarithms.length;
  // .92 on the series that chose the step of the training.
  expect(Math.exp(mean)).toBeLessThan(0.97);
});
