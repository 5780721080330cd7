import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import type { GateFile } from "../../src/weights/gate-file.ts";
import { gateIn, learnedGate } from "../../src/weights/learned-gate.ts";

const path = resolve(import.meta.dirname, "../../src/weights/gate.json");
const file = JSON.parse(readFileSync(path, "utf8")) as GateFile;
const bytes = Buffer.from(file.data, "base64");

function reasonOf(changed: Partial<GateFile>): string | undefined {
  const known = gateIn(() => ({ ...file, ...changed }));
  return known.gate === undefined ? known.reason : undefined;
}

describe("the weights of the package", () => {
  it("are read, and belong to the methods of auto", () => {
    expect(learnedGate()).toHaveProperty("gate.id", file.sha256.slice(0, 16));
    expect(learnedGate()).toBe(learnedGate());
  });

  it("take less than 300 kB", () => {
    expect(bytes.length).toBeLessThan(300_000);
  });
});

describe("gateIn", () => {
  const broken = Buffer.from(bytes);
  broken[1000] = (broken[1000] as number) ^ 1;

  it.each([
    [{ format: 2 }, "their format is 2: expected 1"],
    [{ memberHash: "0123" }, `they belong to methods 0123: expected ${file.memberHash}`],
    [{ data: broken.toString("base64") }, /^their SHA-256 is [0-9a-f]{64}: expected /],
    [{ data: file.data.slice(0, -400) }, /^their SHA-256 is /],
    [{ layers: file.layers.slice(1) }, 'they have no layer "first"'],
  ] as const)("has none when the file is another: %#", (changed, reason) => {
    expect(reasonOf(changed as Partial<GateFile>)).toMatch(reason);
  });

  it("has none when the weights are shorter than their layers", () => {
    const data = bytes.subarray(0, 1000);
    const sha256 = createHash("sha256").update(data).digest("hex");
    expect(reasonOf({ data: data.toString("base64"), sha256 })).toMatch(/./);
  });

  it("has none when there is no file", () => {
    const missing = (): never => {
      throw new Error("Cannot find module './gate.json'\nRequire stack:\n- file");
    };
    expect(gateIn(missing)).toEqual({ gate: undefined, reason: "Cannot find module './gate.json'" });
  });
});
