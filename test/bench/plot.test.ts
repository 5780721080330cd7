import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");

interface Plot {
  readonly title: string;
  readonly x: { readonly label: string; readonly values: number[] };
  readonly panels: readonly { label: string; lines: readonly { name: string; values: number[] }[] }[];
}
const { logLogPlot }: { logLogPlot(plot: Plot): string } = await imported("bench/harness/log-log-plot.mjs");
const { markdownOf }: { markdownOf(columns: string[], rows: unknown[][]): string } =
  await imported("bench/harness/table.mjs");

async function imported(path: string) {
  return await import(pathToFileURL(resolve(root, path)).href);
}

function plotOf(lines: { name: string; values: number[] }[], title = "Cost") {
  return logLogPlot({
    title,
    x: { label: "series", values: [10, 100, 1000] },
    panels: [{ label: "us", lines }],
  });
}

/** The places of the dots of a line. */
function dotsOf(svg: string, line: number): { x: number; y: number }[] {
  const dots = svg.matchAll(new RegExp(`class="fill${line}" cx="([\\d.]+)" cy="([\\d.]+)" r="3.5"`, "g"));
  return Array.from(dots, ([, x, y]) => ({ x: Number(x), y: Number(y) }));
}

/** The height of a label of the vertical axis, on the line that it names. */
function heightOf(svg: string, label: string): number {
  const [, y] = new RegExp(`x="70" y="([\\d.]+)" text-anchor="end">${label}<`).exec(svg) ?? [];
  return Number(y) - 4;
}

describe("a plot of cost", () => {
  it("has equal distances for equal factors, on both axes", () => {
    const dots = dotsOf(plotOf([{ name: "us", values: [1, 10, 100] }]), 0);
    const [first, second, third] = dots;
    if (first === undefined || second === undefined || third === undefined)
      throw new Error("dots are missing");
    expect(second.x - first.x).toBeCloseTo(third.x - second.x, 0);
    expect(first.y - second.y).toBeCloseTo(second.y - third.y, 0);
    expect(first.y).toBeGreaterThan(third.y);
  });

  it("has each dot at the label of its value", () => {
    const svg = plotOf([{ name: "us", values: [50, 200, 1000] }]);
    const labels = ["50", "200", "1,000"].map((label) => heightOf(svg, label));
    for (const [index, { y }] of dotsOf(svg, 0).entries())
      expect(y).toBeCloseTo(labels[index] ?? Number.NaN, 0);
  });

  it("has an axis around values that are all the same", () => {
    const [dot] = dotsOf(plotOf([{ name: "us", values: [100, 100, 100] }]), 0);
    expect(dot?.y).toBeGreaterThan(0);
  });

  it("names the lines if there are two, and has colours for dark pages", () => {
    const svg = plotOf([
      { name: "main thread", values: [1, 2, 3] },
      { name: "whole process", values: [2, 3, 4] },
    ]);
    expect(svg).toContain(">main thread<");
    expect(svg).toContain(">whole process<");
    expect(dotsOf(svg, 1)).toHaveLength(3);
    const dark = svg.split("prefers-color-scheme: dark")[1] ?? "";
    for (const name of [".back", ".text", ".grid", ".stroke0", ".fill0", ".stroke1", ".fill1"])
      expect(dark).toContain(`${name} {`);
  });

  it("escapes its texts", () => {
    expect(plotOf([{ name: "us", values: [1, 2, 3] }], "a < b & c")).toContain("a &lt; b &amp; c");
  });
});

it("a table in Markdown has three digits of what was measured, and texts as they are", () => {
  expect(
    markdownOf(
      ["series", "us"],
      [
        ["1,000", 123.456],
        ["10", 0.1234],
      ],
    ),
  ).toBe(["| series | us |", "| --- | ---: |", "| 1,000 | 123 |", "| 10 | 0.12 |"].join("\n"));
});
