import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Noise } from "../../../src/forecast/regimes/noise.ts";
import { RegimeLine } from "../../../src/forecast/regimes/regime-line.ts";
import { RegimePoints } from "../../../src/forecast/regimes/regime-points.ts";

const QUESTIONS: Readonly<Record<string, (line: RegimeLine) => unknown>> = {
  slope: (line) => line.slope,
  "inherited slope": (line) => [line.isInherited, line.inheritedPoints],
  "own slope": (line) => line.ownSlope,
  deviation: (line) => line.deviation,
  level: (line) => line.levelAt(30),
  "deviation of a value": (line) => line.deviationOf(7, 30),
  "foreign values": (line) => [0.5, 1, 2, 4, 8, 16].map((deviation) => line.isForeign(deviation)),
};

type Point = readonly [value: number, deviation: number];

function lineOf(points: readonly Point[], ask = (_: RegimeLine): unknown => undefined): RegimeLine {
  const line = new RegimeLine(new Noise());
  line.begin(new RegimePoints().begin(0, 1), {
    levelBefore: 5,
    inherited: { slope: 0.25, points: 30 } as never,
  });
  for (const [index, [value, deviation]] of points.entries()) {
    line.take(index + 1, value, deviation);
    ask(line);
  }
  return line;
}

describe("what the line of a regime says", () => {
  const number = fc.double({ min: -10, max: 10, noNaN: true });
  const points = fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 20 });

  it.each(Object.keys(QUESTIONS))("is that of all its points, whatever was asked before: %s", (question) => {
    const answer = QUESTIONS[question] ?? expect.unreachable();
    fc.assert(
      fc.property(points, (taken) => {
        const askAll = (line: RegimeLine): unknown => Object.values(QUESTIONS).map((ask) => ask(line));
        expect(answer(lineOf(taken))).toEqual(answer(lineOf(taken, askAll)));
      }),
    );
  });
});
