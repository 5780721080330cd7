import { InvalidArgumentError } from "commander";
import { describe, expect, it } from "vitest";
import {
  addMethod,
  addText,
  parseBounds,
  parseHorizons,
  parseSeason,
  parseTimeZone,
  wholeNumber,
} from "../../../src/commands/backtest/option-values.ts";

describe("the options of a backtest", () => {
  it("are read from text", () => {
    expect(parseHorizons("12, 1h,288")).toEqual([{ steps: 12 }, { seconds: 3600 }, { steps: 288 }]);
    expect(parseSeason("1d")).toEqual({ seconds: 86_400 });
    expect(parseSeason("7")).toEqual({ steps: 7 });
    expect(parseTimeZone("Europe/Berlin").timeZone).toBe("Europe/Berlin");
    expect(wholeNumber(1, 10)("10")).toBe(10);
    expect(addMethod("theta", addMethod("auto", undefined))).toEqual(["auto", "theta"]);
    expect(addText("b", addText("a", undefined))).toEqual(["a", "b"]);
    expect(parseBounds("0,100")).toEqual({ lower: 0, upper: 100 });
    expect(parseBounds("-1.5,")).toEqual({ lower: -1.5 });
    expect(parseBounds(",1e3")).toEqual({ upper: 1000 });
  });

  it.each([
    [() => parseHorizons("12,soon"), /got "soon": expected a number of steps from 1 to 10000, or a duration/],
    [() => parseHorizons(""), /got "": expected a number of steps/],
    [() => parseHorizons("0"), /got "0"/],
    [() => parseHorizons("10001"), /got "10001"/],
    [() => parseHorizons("1.5"), /got "1.5"/],
    [() => parseHorizons("0s"), /got "0s"/],
    [() => parseSeason("1"), /got "1": expected a season of at least 2 steps/],
    [
      () => parseTimeZone("Mars"),
      /got "Mars": expected the name of a time zone such as Europe\/Berlin or UTC/,
    ],
    [() => wholeNumber(2, 9)("1"), /got "1": expected a whole number from 2 to 9/],
    [() => wholeNumber(2, 9)("5x"), /got "5x"/],
    [() => addMethod("magic", undefined), /got "magic": expected one of auto, learned, naive/],
    [() => parseBounds("1"), /got "1": expected LOWER,UPPER/],
    [() => parseBounds("5,1"), /got "5,1"/],
    [() => parseBounds("a,1"), /got "a,1"/],
    [() => parseBounds("1,2,3"), /got "1,2,3"/],
  ])("are refused with what was expected: %s", (read, message) => {
    expect(read).toThrow(message);
    expect(read).toThrow(InvalidArgumentError);
  });
});
