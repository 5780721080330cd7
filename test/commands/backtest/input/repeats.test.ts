import { describe, expect, it } from "vitest";
import { type Reading, withoutRepeats } from "../../../../src/commands/backtest/input/repeats.ts";

const START = Date.UTC(2026, 0, 1);
const reading = (line: number, minute: number, written: string): Reading => ({
  ...{ line, at: START + minute * 60_000, values: [1], written },
});

/** What is kept of the readings and of the notes. */
function kept(readings: readonly Reading[], isPossible = false) {
  const notes: string[] = [];
  const lines = withoutRepeats(readings, () => ({ source: "f.csv", isPossible, hint: "use --id" }), notes);
  return { lines: lines.map(({ line }) => line), notes };
}

/** Readings of one minute after the other, from line 1 on. */
const regular = (count: number) => Array.from({ length: count }, (_, i) => reading(i + 1, i, `${i}`));

describe("readings of a time that has several", () => {
  it("are read once if they are the same, and a note gives their number", () => {
    const again = [reading(11, 3, "3"), reading(12, 3, "3"), reading(13, 4, "4")];
    expect(kept([...regular(10), ...again])).toEqual({
      lines: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
      notes: ["rows that repeat another row are read once (3 of 13)"],
    });
  });

  it("are kept if there are few and they differ, each once", () => {
    const others = [reading(39, 3, "other"), reading(40, 3, "other")];
    expect(kept([...regular(38), ...others])).toEqual({
      lines: regular(39).map(({ line }) => line),
      notes: [
        "the time 2026-01-01T00:03:00.000Z is in lines 4 and 39: such values are averaged (1 of 40 rows); use --id",
        "rows that repeat another row are read once (1 of 40)",
      ],
    });
  });

  it("are several series if they are more than one in twenty, or if something distinguishes them", () => {
    const differing = (count: number) => [...regular(count - 1), reading(count, 3, "other")];
    expect(kept(differing(20)).lines).toHaveLength(20);
    const message = "the time 2026-01-01T00:03:00.000Z is in lines 4 and";
    expect(() => kept(differing(19))).toThrow(`f.csv:19: ${message} 19: use --id`);
    expect(() => kept(differing(40), true)).toThrow(`f.csv:40: ${message} 40: use --id`);
  });
});
