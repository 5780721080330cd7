import { describe, expect, it } from "vitest";
import { epochTimes } from "../../../../../src/commands/backtest/input/times/local-times.ts";
import { localClock } from "../../../../../src/series/local-clock.ts";

const berlin = localClock("Europe/Berlin");

function read(...texts: string[]): string[] {
  const times = texts.map((text) => ({ at: Date.parse(`${text}Z`), isLocal: true }));
  return epochTimes(times, berlin).map((at) => new Date(at).toISOString().slice(5, 16));
}

describe("local times", () => {
  it("are read by the clock, in summer and in winter", () => {
    expect(read("2026-01-05T12:00", "2026-07-05T12:00")).toEqual(["01-05T11:00", "07-05T10:00"]);
  });

  it("come twice in autumn: first before and then after the change", () => {
    const twice = [
      "2026-10-25T01:30",
      "2026-10-25T02:00",
      "2026-10-25T02:30",
      "2026-10-25T02:00",
      "2026-10-25T02:30",
      "2026-10-25T03:00",
    ];
    const utc = ["10-24T23:30", "10-25T00:00", "10-25T00:30", "10-25T01:00", "10-25T01:30", "10-25T02:00"];
    expect(read(...twice)).toEqual(utc);
    expect(read(...twice.toReversed())).toEqual(utc.toReversed());
  });

  it("are left out in spring: such a time is read as if the clock had not changed", () => {
    expect(read("2026-03-29T01:30", "2026-03-29T02:30", "2026-03-29T03:30")).toEqual([
      "03-29T00:30",
      "03-29T01:30",
      "03-29T01:30",
    ]);
  });

  it("with a zone of their own are left as they are", () => {
    const at = Date.parse("2026-07-05T12:00Z");
    expect(epochTimes([{ at, isLocal: false }], berlin)).toEqual([at]);
  });
});
