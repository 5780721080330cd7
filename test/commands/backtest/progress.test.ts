import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { Progress } from "../../../src/commands/backtest/progress.ts";

/** What a run of 10 forecasts of so many milliseconds writes to a stream. */
function written(millisEach: number, isTerminal: boolean): string {
  const stream = Object.assign(new PassThrough(), {
    isTTY: isTerminal,
    columns: 100,
    cursorTo: () => true,
    clearLine: () => true,
    moveCursor: () => true,
  });
  let now = Date.UTC(2026, 0);
  const progress = new Progress(stream as unknown as NodeJS.WriteStream, () => now);
  for (let done = 1; done <= 10; done++) {
    now += millisEach;
    progress.advanced(done, 10);
  }
  progress.finished();
  // On Node 26, each read gives only one of the texts.
  const texts: string[] = [];
  for (let text = stream.read(); text !== null; text = stream.read()) texts.push(String(text));
  return texts.join("");
}

describe("the progress of a backtest", () => {
  it("is shown on a terminal when the run is long", () => {
    const text = written(200, true);
    // Shown after 500 ms, which is the third of ten forecasts.
    expect(text.match(/\d+ of \d+ forecasts/g)?.[0]).toBe("3 of 10 forecasts");
    expect(text.match(/\d+ of \d+ forecasts/g)?.at(-1)).toBe("10 of 10 forecasts");
  });

  it("begins after half a second", () => {
    expect(written(50, true)).toBe("");
    expect(written(50.1, true)).toContain("10 of 10 forecasts");
  });

  it("is not shown for a short run, or where no terminal is", () => {
    expect(written(40, true)).toBe("");
    expect(written(200, false)).toBe("");
  });
});
