import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
let folder: string;
let temporary: string;

function write(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

/** A project of one function, `src/till/change.ts`, and its test. */
function project(source: string, assertions: string): void {
  write("src/till/change.ts", source);
  write("src/till/till.ts", 'export { change } from "./change.ts";\n');
  write(
    "test/till.test.ts",
    `import { expect, it } from "vitest";
import { change } from "../src/till/till.ts";

it("gives change", () => {
${assertions}
});
`,
  );
  write("vitest.config.ts", 'export default { test: { projects: [{ test: { name: "source" } }] } };\n');
  write("package.json", '{ "type": "module" }\n');
  write(".gitignore", "node_modules\n");
}

function mutants(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, "tools/mutants/run.mjs"), ...args],
    { cwd: folder, encoding: "utf8", env: { ...process.env, TMPDIR: temporary, TEMP: temporary } },
  );
  return { status, text: stdout, errors: stderr };
}

beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), "otel-forecast-mutants-test-"));
  folder = join(temporary, "project");
  mkdirSync(folder);
  spawnSync("git", ["init", "-q"], { cwd: folder });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
});

afterEach(() => {
  rmSync(temporary, { recursive: true, force: true });
});

const source = `export function change(paid: number, price: number): number {
  return paid > price ? paid - price : 0;
}
`;
/** Holds for a test that only looks at one side of each condition. */
const weak = "expect(change(5, 3)).toBe(2);";
const strong = `${weak} expect(change(3, 5)).toBe(0);`;
/** No test can tell: what is paid less the same price is 0 too. */
const equivalent = {
  "src/till/change.ts: return paid > price ? paid - price : 0; -> return paid >= price ? paid - price : 0;":
    "with paid equal to price both sides are 0",
};

describe("the sample of mutants", () => {
  it("shows what no test notices, and fails", () => {
    project(`${source}export const due = (a: number, b: number): number => (a > b ? a - b : 0);\n`, weak);
    const { status, text, errors } = mutants("--folder", "till");
    const [progress = "", list = ""] = text.split("No test notices:");
    for (const part of [progress, list]) {
      expect(part).toContain("src/till/change.ts:2 (constant)");
      expect(part).toContain("-  return paid > price ? paid - price : 0;");
      expect(part).toContain("+  return paid > price ? paid - price : 1;");
    }
    expect(progress).toContain("noticed by test/till.test.ts: gives change");
    expect(errors).toMatch(/^\d+\.\d % of all mutants were noticed, expected 95\.0 %$/m);
    expect(errors).toMatch(/^till: \d+\.\d %, expected 85\.0 %$/m);
    expect(status).toBe(1);
  });

  it("does not judge a room with fewer than seven mutants", () => {
    project(source, weak);
    const { status, errors } = mutants();
    expect(errors).toMatch(/^\n\d+\.\d % of all mutants were noticed, expected 95\.0 %\n$/);
    expect(status).toBe(1);
  });

  it("passes when each mutant that is not equivalent is noticed, and leaves no file behind", () => {
    project(source, strong);
    write("tools/mutants/equivalent.json", JSON.stringify(equivalent));
    const { status, text, errors } = mutants("--seed", "7");
    expect(errors).toBe("");
    expect(text).toMatch(/^all +5 +5 +0 +0 +100\.0 %$/m);
    expect(text).not.toContain("No test notices");
    expect(status).toBe(0);
    expect(readFileSync(join(folder, "src/till/change.ts"), "utf8")).toBe(source);
    expect(readdirSync(temporary)).toEqual(["project"]);
  });

  it("fails when an equivalent mutant is named that does not exist", () => {
    project(source.replaceAll("price", "cost"), strong);
    write("tools/mutants/equivalent.json", JSON.stringify(equivalent));
    const { status, errors } = mutants("--count", "1");
    expect(errors).toContain("equivalent.json names a mutant that does not exist: src/till/change.ts: ");
    expect(status).toBe(1);
  });

  it("swaps no arguments whose order makes no difference", () => {
    project(source.replace("paid > price ? paid - price : 0", "Math.max(paid - price, 0)"), strong);
    const { status, text } = mutants();
    expect(text).not.toContain("arguments swapped");
    expect(text).toMatch(/^all +3 +3 +0 +0 +100\.0 %$/m);
    expect(status).toBe(0);
  });

  it("swaps no elements that are only asked for, but those that are exported, read or spread", () => {
    const elements = ["ASKED", "NAMED", "READ", "SPREAD", "EXPORTED"].map(
      (name) => `"${name} 1", "${name} 2"`,
    );
    const [asked = "", named = "", read = "", spread = "", exported = ""] = elements;
    project(
      `const ASKED = [${asked}] as const;
const NAMED = new Map([[${named.replace(",", ", 1], [")}, 2]]);
const READ = [${read}];
const SPREAD = new Set([${spread}]);
export const EXPORTED = [${exported}];
export const change = (a: string): unknown[] => [
  ASKED.includes(a as never), EXPORTED[0], NAMED.get(a), READ[0], READ.includes(a), ...SPREAD,
];
`,
      "expect(change('')).toHaveLength(7);",
    );
    const { text } = mutants();
    const swapped = [...text.matchAll(/^\+.*"(\w+) 2".*"\1 1"/gm)].map(([, name]) => name);
    expect(new Set(swapped)).toEqual(new Set(["READ", "SPREAD", "EXPORTED"]));
  });

  it("runs no tests of another project", () => {
    project(source, strong);
    write(
      "vitest.config.ts",
      `export default {
  test: {
    projects: [{ test: { name: "source", include: ["test/other.test.ts"] } }, { test: { name: "package" } }],
  },
};
`,
    );
    write("test/other.test.ts", 'import { expect, it } from "vitest";\nit("is", () => expect(1).toBe(1));\n');
    const { status, text } = mutants("--count", "2");
    expect(text).toMatch(/^all +2 +0 +0 +2 +0\.0 %$/m);
    expect(text).not.toContain("left out");
    expect(status).toBe(1);
  });

  it("takes no failure for a notice that a test has without the mutant too", () => {
    project(source, "expect(change(5, 3)).toBe(3);");
    const { status, text } = mutants("--count", "2");
    expect(text).toMatch(/^all +2 +0 +0 +2 +0\.0 %$/m);
    expect(text).toContain("1 test files left out");
    expect(status).toBe(1);
  });

  it("tries the own test of a file that loads the changed one before others that load it from afar", async () => {
    project(source, strong);
    write("src/shop/sale.ts", 'export { change } from "../till/change.ts";\n');
    write("src/shop/day.ts", 'export { change } from "./sale.ts";\n');
    write("src/shop/year.ts", 'export { change } from "./sale.ts";\n');
    const tests = ["a", "b", "sale", "z"].map((name) => `test/shop/${name}.test.ts`);
    for (const [i, test] of tests.entries())
      write(test, `import "../../src/shop/${["day", "day", "year", "day"][i]}.ts";\n`);
    const files = ["till/change", "till/till", "shop/sale", "shop/day", "shop/year"].map(
      (name) => `src/${name}.ts`,
    );
    const { relatedTests } = await import(pathToFileURL(join(root, "tools/mutants/related-tests.mjs")).href);
    const related = relatedTests(folder, [...files, ...tests], tests);
    expect(related("src/till/change.ts")[0]).toBe("test/shop/sale.test.ts");
  });

  it("ends a mutant that never ends", () => {
    project(
      `export function change(paid: number, price: number): number {
  for (let left = paid; ; left -= price) if (left < price) return left;
}
`,
      "expect(change(6, 3)).toBe(0);",
    );
    const { status, text } = mutants("--limit", "30");
    expect(text).toContain("src/till/change.ts:2 (arithmetic): endless");
    expect(text).toMatch(/^all +5 +4 +1 +0 +100\.0 %$/m);
    expect(status).toBe(0);
  });

  it("gives the same sample for the same seed, as much as is asked for", () => {
    project(source, strong);
    const sampleOf = (seed: string) => mutants("--count", "2", "--seed", seed).text.match(/\((.+?)\)/g);
    expect(sampleOf("3")).toEqual(sampleOf("3"));
    expect(sampleOf("3")).toHaveLength(2);
  });

  it("explains an option that it does not understand", () => {
    project(source, strong);
    const { status, errors } = mutants("--count", "many");
    expect(errors).toContain("--count is many, expected an integer of at least 1");
    expect(status).toBe(2);
  });
});
