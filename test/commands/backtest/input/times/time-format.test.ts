import { describe, expect, it } from "vitest";
import { isTime, timeFormatOf } from "../../../../../src/commands/backtest/input/times/time-format.ts";

function read(...texts: string[]): (string | undefined)[] {
  const chosen = timeFormatOf(texts);
  if ("problem" in chosen) return [chosen.problem];
  return texts.map((text) => {
    const time = chosen.format.read(text);
    return time && `${new Date(time.at).toISOString()}${time.isLocal ? " local" : ""}`;
  });
}

describe("a time", () => {
  it.each([
    ["2026-01-05", "2026-01-05T00:00:00.000Z local"],
    ["2026-1-5 6:07", "2026-01-05T06:07:00.000Z local"],
    ["2026/01/05 06:07:08", "2026-01-05T06:07:08.000Z local"],
    ["2026-01-05T06:07:08.125Z", "2026-01-05T06:07:08.125Z"],
    ["2026-01-05T06:07:08,5Z", "2026-01-05T06:07:08.500Z"],
    ["2026-01-05T06:07:08.123456789Z", "2026-01-05T06:07:08.123Z"],
    ["2026-01-05T06:07:08+02:00", "2026-01-05T04:07:08.000Z"],
    ["2026-01-05 06:07:08 -0330", "2026-01-05T09:37:08.000Z"],
    ["2026-01-05 06:07:08+00", "2026-01-05T06:07:08.000Z"],
    ["2026-01-05T16:07:08+10:45", "2026-01-05T05:22:08.000Z"],
    ["2026-01-05T06:07:08-1130", "2026-01-05T17:37:08.000Z"],
    ["2026-01-05T06:07:08Z", "2026-01-05T06:07:08.000Z"],
    ["2026-01-05 06:07:08-07", "2026-01-05T13:07:08.000Z"],
    ["2026-01-05 06:07:08 UTC", "2026-01-05T06:07:08.000Z"],
    ["2026-01-05 06:07:08 +0100 UTC", "2026-01-05T05:07:08.000Z"],
    ["2026-01-05T06:07:08+01:00[Europe/Berlin]", "2026-01-05T05:07:08.000Z"],
    ["20260105T060708Z", "2026-01-05T06:07:08.000Z"],
    ["1958", "1958-01-01T00:00:00.000Z local"],
    ["2026-Q3", "2026-07-01T00:00:00.000Z local"],
    ["2026-01", "2026-01-01T00:00:00.000Z local"],
    ["202601", "2026-01-01T00:00:00.000Z local"],
    ["20260105", "2026-01-05T00:00:00.000Z local"],
    ["19580329", "1958-03-29T00:00:00.000Z local"],
    ["2026010523", "2026-01-05T23:00:00.000Z local"],
    ["202601052359", "2026-01-05T23:59:00.000Z local"],
    ["20260105235958", "2026-01-05T23:59:58.000Z local"],
    ["13012026", "2026-01-13T00:00:00.000Z local"],
    ["01132026", "2026-01-13T00:00:00.000Z local"],
    ["1132026", "2026-01-13T00:00:00.000Z local"],
    ["130120261830", "2026-01-13T18:30:00.000Z local"],
    ["13012026183059", "2026-01-13T18:30:59.000Z local"],
    ["05.01.2026 18:30", "2026-01-05T18:30:00.000Z local"],
    ["1/15/2026 3:04 PM", "2026-01-15T15:04:00.000Z local"],
    ["1/15/2026, 12:04:05 a.m.", "2026-01-15T00:04:05.000Z local"],
    [" 1767593228 ", "2026-01-05T06:07:08.000Z"],
    ["1767593228.5", "2026-01-05T06:07:08.500Z"],
    ["1767593228000", "2026-01-05T06:07:08.000Z"],
    ["1767593228000000", "2026-01-05T06:07:08.000Z"],
    ["1767593228000000000", "2026-01-05T06:07:08.000Z"],
    ["0", "1970-01-01T00:00:00.000Z"],
  ])("%s is %s", (text, expected) => {
    expect(read(text)).toEqual([expected]);
  });

  it.each([
    "",
    "yesterday",
    "2026-02-30",
    "2026-13-01",
    "2026-01-05T25:00",
    "2026-01-05T10:61",
    "1/15/2026 13:00 PM",
    "31.02.2026",
    "-5",
    "1e9",
  ])("%s is none", (text) => {
    expect(read(text)[0]).toMatch(/^expected a date such as/);
    expect(isTime(text)).toBe(false);
  });
});

describe("a column of times", () => {
  const manyOf = (length: number, text: (index: number) => string): string[] =>
    Array.from({ length }, (_, index) => text(index));

  it("has the order of day and month that all of its dates can have", () => {
    expect(read("01/02/2026", "13/02/2026")[0]).toBe("2026-02-01T00:00:00.000Z local");
    expect(read("01/02/2026", "01/13/2026")[0]).toBe("2026-01-02T00:00:00.000Z local");
    expect(read("01/02/2026", "02/02/2026")).toEqual([
      'can have the day or the month first: write dates as "2026-01-31"',
    ]);
    expect(isTime("01/02/2026")).toBe(true);
  });

  it("has dates in digits with the day or the month first, in the order that all of them can have", () => {
    expect(read("05012026", "13012026")).toEqual([
      "2026-01-05T00:00:00.000Z local",
      "2026-01-13T00:00:00.000Z local",
    ]);
    expect(read("01052026", "01132026")[0]).toBe("2026-01-05T00:00:00.000Z local");
    expect(read("05012026", "06012026")).toEqual([
      'can have the day or the month first: write dates as "2026-01-31"',
    ]);
  });

  it("has no dates of six digits, which can mean several days", () => {
    expect(read("260105", "260131")).toEqual([
      'can be a date as YYMMDD or DDMMYY: write dates as "2026-01-31"',
    ]);
    expect(read("013126")).toEqual(['can be a date as MMDDYY: write dates as "2026-01-31"']);
    const seconds = manyOf(50, (index) => String(260_100 + 60 * index));
    expect(read(...seconds)[0]).toBe("1970-01-04T00:15:00.000Z");
  });

  it("has one wrong date rather than seconds of 1970", () => {
    const days = manyOf(20, (index) => String(20260101 + index));
    expect(read(...days, "20260132").slice(-2)).toEqual(["2026-01-20T00:00:00.000Z local", undefined]);
  });

  it("has seconds where numbers are no dates, although some look like dates", () => {
    const seconds = manyOf(50, (index) => String(1_767_225_600 + 3600 * index));
    expect(read(...seconds)[1]).toBe("2026-01-01T01:00:00.000Z");
    const rows = manyOf(200, (index) => String(20260101 + 60 * index));
    expect(read(...rows)[0]).toBe("1970-08-23T11:48:21.000Z");
  });

  it("has one unit for all numbers", () => {
    expect(read("1767593228000", "99999999999", "1767593228001")[1]).toBe("1973-03-03T09:46:39.999Z");
    expect(read("1767593228000000000000")[0]).toMatch(/^expected/);
  });
});
