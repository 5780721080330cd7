import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { Child, packageRoot } from "../e2e/harness/child.ts";
import { freePort } from "../e2e/harness/free-ports.ts";
import { expectAsShown, linesOf, shownOutput } from "./shown-output.ts";

const examplesFolder = resolve(packageRoot, "examples");

/** Examples that run to their end, and how far their numbers may lie from those in their READMEs. */
const examples: [example: string, tolerance: number][] = [
  ["metrics-collector", 0],
  ["success-tracker", 1e-9],
  ["time-series-forecaster", 0.05],
  ["prometheus-exporter", 0],
  ["performance-monitor", 0.05],
  ["beside-node-sdk", 0.05],
  ["plain-class", 0],
];

describe.concurrent("an example of use", () => {
  it.for(examples)("%s prints what its README shows", async ([example, tolerance]) => {
    const child = new Child(example, process.execPath, [`examples/${example}/index.mjs`], {
      env: { PORT: String(await freePort()) },
    });
    expect(await child.ends(), child.output).toEqual({ code: 0, signal: null });
    expect(child.stderr).toBe("");
    expectAsShown(linesOf(child.stdout), shownOutput(example), tolerance);
  });
});

describe("the folder of examples", () => {
  const folders = readdirSync(examplesFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);

  it("is listed as a whole in its README", () => {
    const readme = readFileSync(resolve(examplesFolder, "README.md"), "utf8");
    expect(folders.filter((folder) => !readme.includes(`(${folder})`))).toEqual([]);
  });

  it("holds no file of code with 100 lines", () => {
    const long = readdirSync(examplesFolder, { recursive: true, encoding: "utf8" })
      .filter((path) => /\.[mc]js$/.test(path))
      .filter((path) => readFileSync(resolve(examplesFolder, path), "utf8").split("\n").length > 100);
    expect(long).toEqual([]);
  });
});
