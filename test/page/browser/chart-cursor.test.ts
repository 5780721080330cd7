import { describe, expect, it, vi } from "vitest";
import type { SeriesDetail } from "../../../src/status/answers.ts";
import { bench, detail, drawer, StandInPlot, useBench } from "./chart-bench.ts";

vi.mock("uplot", () => ({ default: StandInPlot }));
useBench();

const drawn = await drawer();

describe("the keyboard", () => {
  /** What a key shows, and where the cursor is then. */
  function press(key: string): { shown: string; at: unknown } {
    bench.done.splice(0);
    let isUsual = true;
    bench.happens.get("keydown")?.({ key, preventDefault: () => (isUsual = false) });
    expect(isUsual).toBe(bench.done.length === 0);
    return { shown: bench.readout.textContent.replace(/^.*?, /, ""), at: bench.done[0] };
  }
  const cursorAt = (seconds: number) => ["cursor", { left: `${seconds} on x`, top: -1 }, false];

  it("moves the cursor from the present through all times, and no farther", () => {
    drawn();
    expect(press("ArrowRight")).toEqual({ shown: "forecast 7, 80% interval 6 to 8", at: cursorAt(160) });
    expect(press("ArrowLeft")).toEqual({ shown: "observed 6", at: cursorAt(150) });
    expect(press("ArrowLeft")).toEqual({ shown: "observed 5", at: cursorAt(140) });
    expect(press("End")).toEqual({ shown: "forecast 9, 80% interval 8 to 10", at: cursorAt(180) });
    expect(press("ArrowRight").at).toEqual(cursorAt(180));
    expect(press("Home")).toEqual({ shown: "observed 1", at: cursorAt(100) });
    expect(press("ArrowLeft").at).toEqual(cursorAt(100));
    expect(press("PageDown").at).toEqual(cursorAt(180));
    expect(press("PageUp").at).toEqual(cursorAt(100));
  });

  it("moves it by ten times for a page", () => {
    const values = Array.from({ length: 40 }, (_, index) => index);
    drawn({ ...detail, past: { stepSeconds: 1, endsAt: 150_000, values }, path: [] });
    expect(press("PageUp")).toEqual({ shown: "observed 29", at: cursorAt(140) });
    expect(press("PageUp")).toEqual({ shown: "observed 19", at: cursorAt(130) });
    expect(press("PageDown")).toEqual({ shown: "observed 29", at: cursorAt(140) });
  });

  it("leaves other keys to the browser", () => {
    drawn();
    expect(press("Tab")).toEqual({ shown: "", at: undefined });
  });

  it("begins at the present of newer data, or of the past if there is no forecast", () => {
    const chart = drawn();
    chart.update(detail, 169_999);
    expect(press("ArrowRight").at).toEqual(cursorAt(170));
    chart.remove();
    const { at: _, value: __, ...silent } = detail;
    drawn({ ...silent, path: [] });
    expect(press("ArrowLeft").at).toEqual(cursorAt(140));
  });

  it("needs no place for what it reads", () => {
    bench.place.parentElement = null;
    drawn();
    expect(press("Home").shown).toBe("");
    bench.place.parentElement = { querySelector: () => null };
    expect(press("End").shown).toBe("");
  });
});

it("a pointer shows what it points at, and nothing when it leaves", () => {
  drawn();
  const point = (event: unknown, idx: number | null) => {
    for (const hook of bench.options.hooks.setCursor) hook({ cursor: { event, idx } });
    return bench.readout.textContent.replace(/^.*?, /, "");
  };
  expect(point({}, 2)).toBe("observed 3");
  expect(point(null, 3)).toBe("observed 3");
  expect(point(undefined, 3)).toBe("observed 3");
  expect(point({}, null)).toBe("");
});

describe("on the canvas", () => {
  /** What is drawn where the present and the threshold are at these places. */
  function linesAt(x: number, y: number, threshold?: SeriesDetail["threshold"]): unknown[] {
    drawn({ ...detail, ...(threshold === undefined ? {} : { threshold }) });
    const lines: unknown[] = [];
    const style: Record<string, unknown> = {};
    const ctx = new Proxy(style, {
      get:
        (_, name: string) =>
        (...given: unknown[]) => {
          if (["moveTo", "lineTo", "fillText", "setLineDash"].includes(name)) lines.push([name, ...given]);
          else lines.push(name);
          if (name === "stroke") lines.push([style.strokeStyle, style.lineWidth]);
          if (name === "fillText") lines.push([style.fillStyle, style.font, style.textAlign]);
        },
    });
    const bbox = { left: 100, top: 10, width: 400, height: 200 };
    const valToPos = (value: number, scale: string, isCanvas: boolean) => {
      expect([value, isCanvas]).toEqual([scale === "x" ? 150 : threshold?.value, true]);
      return scale === "x" ? x : y;
    };
    for (const hook of bench.options.hooks.draw) hook({ ctx, bbox, valToPos });
    return lines;
  }
  const present = (x: number): unknown[] => [
    ...["save", ["setLineDash", [2, 6]], "beginPath", ["moveTo", x, 10], ["lineTo", x, 210]],
    ...["stroke", ["of--quiet", 3], "restore"],
    ...[
      "save",
      ["fillText", "now", x - 10, 34],
      ["of--quiet", "24px system-ui, sans-serif", "right"],
      "restore",
    ],
  ];
  const limitAt = (y: number, textAt: number): unknown[] => [
    ...["save", ["setLineDash", [24, 10]], "beginPath", ["moveTo", 100, y], ["lineTo", 500, y]],
    ...["stroke", ["of--limit", 3], "restore", "save", ["fillText", "threshold above 8", 112, textAt]],
    ...[["of--limit", "24px system-ui, sans-serif", "left"], "restore"],
  ];
  const above8 = { value: 8, direction: "above" } as SeriesDetail["threshold"];

  it.each([
    [100, present(100)],
    [250, present(250)],
    [500, present(500)],
    [99, []],
    [501, []],
  ])("the present at %i is drawn if it is within the plot", (x, lines) => {
    expect(linesAt(x, 0)).toEqual(lines);
  });

  it.each([
    [10, limitAt(10, 38)],
    [46, limitAt(46, 74)],
    [47, limitAt(47, 37)],
    [210, limitAt(210, 200)],
    [9, []],
    [211, []],
  ])("a threshold at %i is drawn if it is within the plot, with its name below it at the top", (y, lines) => {
    expect(linesAt(0, y, above8)).toEqual(lines);
  });
});
