import { describe, expect, it } from "vitest";
import { readCsv } from "../../../../src/commands/backtest/input/read-csv.ts";

const DAY = 86_400_000;
const FIRST = Date.UTC(2026, 0, 1);

function read(text: string, columns?: string[]): [string, ...(number | null)[]][] {
  return readCsv("x.csv", text, columns).map(({ id, samples }) => [
    id,
    ...samples.map(({ value }) => (Number.isNaN(value) ? null : value)),
  ]);
}

describe("a table", () => {
  it("has a column of times and a series in every other column", () => {
    const series = readCsv("x.csv", "time,cpu,load\n2026-01-01,1,2\n2026-01-02,3,4\n");
    expect(series).toEqual([
      {
        id: "cpu",
        samples: [
          { at: FIRST, value: 1 },
          { at: FIRST + DAY, value: 3 },
        ],
      },
      {
        id: "load",
        samples: [
          { at: FIRST, value: 2 },
          { at: FIRST + DAY, value: 4 },
        ],
      },
    ]);
  });

  it("finds the column of times by its name, by its dates, or takes the first", () => {
    expect(read("cpu,Timestamp\n1,2026-01-01\n2,2026-01-02")).toEqual([["cpu", 1, 2]]);
    expect(read("cpu,when\n1,2026-01-01\n2,2026-01-02")).toEqual([["cpu", 1, 2]]);
    expect(read("a,b\n1767225600,5\n1767225660,6")).toEqual([["b", 5, 6]]);
  });

  it("needs no header", () => {
    expect(read("2026-01-01,1,2\n2026-01-02,3,4")).toEqual([
      ["column 2", 1, 3],
      ["column 3", 2, 4],
    ]);
  });

  it("may be separated by semicolons or tabs, quoted, begin with a byte order mark, and hold empty lines", () => {
    expect(read('\uFEFF"time";"a, b"\r\n2026-01-01;1\r\n\r\n2026-01-02;"2"\r\n;\r\n')).toEqual([
      ["a, b", 1, 2],
    ]);
    expect(read("time\tv\n2026-01-01\t-1.5e3\n2026-01-02\t.5")).toEqual([["v", -1500, 0.5]]);
  });

  it.each(["", " ", "NaN", "null", "NA", "n/a"])("takes %j for a gap", (cell) => {
    expect(read(`time,v\n2026-01-01,${cell}\n2026-01-02,2`)).toEqual([["v", null, 2]]);
  });

  it("gives the columns that are asked for", () => {
    const text = "time,host,cpu,load\n2026-01-01,web,1,2";
    expect(read(text, ["load"])).toEqual([["load", 2]]);
    expect(() => read(text, ["disk"])).toThrow(
      'x.csv: there is no column "disk" of values: expected one of host, cpu, load',
    );
    expect(() => read(text, ["time"])).toThrow(/no column "time" of values/);
  });

  it.each([
    ["", "x.csv: expected a table with a column of times, got no rows"],
    ["v\n1\n", "x.csv:1: expected a column of times and one of values, got one column"],
    [
      "time,v\n2026-01-01,1\nsoon,2",
      'x.csv:3: column 1 ("time") is "soon": expected an ISO 8601 date, or seconds or milliseconds since 1970',
    ],
    [
      "time,v\n2026-01-01,1\n2026-01-02,x",
      'x.csv:3: column 2 ("v") is "x": expected a finite number, or nothing for a gap',
    ],
    [
      "time,v\n2026-01-01,1e999",
      'x.csv:2: column 2 ("v") is "1e999": expected a finite number, or nothing for a gap',
    ],
    ["time,v\n2026-01-01,Infinity", /x.csv:2: column 2 .*expected a finite number/],
    ["time,v,w\n2026-01-01,1,2\n2026-01-02,3", "x.csv:3: expected 3 columns as in line 1, got 2"],
    ['time,v\n2026-01-01,"1', /^x.csv: not CSV: .*line 2/],
  ])("that is wrong is refused by line and column: %j", (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it("counts lines by line ends, within quotes too", () => {
    expect(() => read('time,"a\nb"\n2026-01-01,1\n2026-01-02,x')).toThrow(/^x.csv:4: column 2/);
  });
});
