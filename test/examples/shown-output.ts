import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect } from "vitest";
import { packageRoot } from "../e2e/harness/child.ts";

const numberPattern = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi;

/** The output that the README of an example shows. `block`: the number of the text block. */
export function shownOutput(example: string, block = 0): string[] {
  const readme = readFileSync(resolve(packageRoot, "examples", example, "README.md"), "utf8");
  const shown = [...readme.matchAll(/^```text\n([\s\S]*?)^```$/gm)][block]?.[1];
  if (shown === undefined) throw new Error(`the README of ${example} shows no output ${block}`);
  return linesOf(shown);
}

/**
 * Compares lines with those that are shown: the words are equal, and each number differs by at most
 * `tolerance`, as a share of the shown number.
 */
export function expectAsShown(printed: readonly string[], shown: readonly string[], tolerance: number): void {
  expect(printed.map(withoutNumbers)).toEqual(shown.map(withoutNumbers));
  for (const [index, line] of shown.entries()) {
    const expected = numbersOf(line);
    const actual = numbersOf(printed[index] ?? "");
    for (const [place, value] of expected.entries()) {
      const apart = Math.abs((actual[place] as number) - value);
      expect(apart, `"${printed[index]}" where "${line}" is shown`).toBeLessThanOrEqual(
        tolerance * Math.abs(value) + 1e-12,
      );
    }
  }
}

export function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}

function withoutNumbers(line: string): string {
  return line.replaceAll(numberPattern, "#");
}

function numbersOf(line: string): number[] {
  return (line.match(numberPattern) ?? []).map(Number);
}
