import { describe, expect, it } from "vitest";
import type { ReadSeries } from "../../../../../src/commands/backtest/input/grid-series.ts";
import { readTable, type TableOptions } from "../../../../../src/commands/backtest/input/table/read-table.ts";
import { localClock } from "../../../../../src/series/local-clock.ts";

const DAY_SECONDS = 86_400;
const NO_ZONE = "times without a zone were read as UTC; --time-zone names another zone";

function readAll(text: string, options: Partial<TableOptions> = {}): ReadSeries {
  return readTable("x.csv", text, { columns: [], ids: [], clock: undefined, decimal: undefined, ...options });
}

function read(text: string, options?: Partial<TableOptions>): [string, ...(number | null)[]][] {
  return readAll(text, options).series.map(({ id, values }) => [
    id,
    ...Array.from(values, (value) => (Number.isNaN(value) ? null : value)),
  ]);
}

const rows = (count: number, row: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => row(index)).join("\n");

describe("a table", () => {
  it("has a column of times and a series in every other column", () => {
    const { series, untested, notes } = readAll("time,cpu,load\n2026-01-01,1,2\n2026-01-02,3,4\n");
    const endMillis = Date.UTC(2026, 0, 2);
    expect(series).toEqual([
      { id: "cpu", stepSeconds: DAY_SECONDS, endMillis, values: Float64Array.of(1, 3) },
      { id: "load", stepSeconds: DAY_SECONDS, endMillis, values: Float64Array.of(2, 4) },
    ]);
    expect({ untested, notes }).toEqual({ untested: [], notes: [] });
  });

  it("finds the column of times by its name, by its dates, or takes the first", () => {
    expect(read("cpu,Timestamp\n1,2026-01-01\n2,2026-01-02")).toEqual([["cpu", 1, 2]]);
    expect(read("cpu,when\n1,2026-01-01\n2,2026-01-02")).toEqual([["cpu", 1, 2]]);
    expect(read("a,b\n1767225600,5\n1767225660,6")).toEqual([["b", 5, 6]]);
    expect(read("a,month\n5,2026-01\n6,2026-02\n7,2026-03")).toEqual([["a", 5, 6, 7]]);
  });

  it("finds regular seconds of our days in any column, and says so", () => {
    const seconds = (index: number): string => String(1_767_225_600 + 60 * index);
    const { series, notes } = readAll(rows(10, (index) => `${40 + (index % 3)},${seconds(index)}`));
    expect(series).toMatchObject([{ id: "column 1", stepSeconds: 60, endMillis: 1_767_226_140_000 }]);
    expect(notes).toEqual(['times were read from "column 2"']);
    const millis = readAll(rows(10, (index) => `${40 + (index % 3)}.5,${seconds(index)}000`));
    expect(millis.series).toMatchObject([{ id: "column 1", stepSeconds: 60 }]);
    // Bytes that grow are no times, and the first column wins where both can be.
    const bytes = (index: number): string => String(1_767_225_600 + index * index * 4096);
    expect(read(`a,b\n${rows(4, (index) => `${seconds(index)},${bytes(index)}`)}`)[0]?.[0]).toBe("b");
    expect(read(`a,b\n${rows(4, (index) => `${index},${bytes(index)}`)}`)[0]?.[0]).toBe("b");
  });

  it.each(["@timestamp", "_time", "epochms", "ts (s)"])("has its times in a column named %s", (name) => {
    expect(read(`v,${name}\n5,1767225600\n6,1767225660`)).toEqual([["v", 5, 6]]);
    expect(readAll(`v,${name}\n5,1767225600\n6,1767225660`).notes).toEqual([]);
  });

  it("may have the date and the time of day in two columns", () => {
    const text = "Date;Time;kW\n05.01.2026;00:00;1,5\n05.01.2026;00:15;2,5\n05.01.2026;00:30;3,5";
    expect(read(text)).toEqual([["kW", 1.5, 2.5, 3.5]]);
    expect(readAll(text).series[0]).toMatchObject({
      stepSeconds: 900,
      endMillis: Date.UTC(2026, 0, 5, 0, 30),
    });
  });

  it("needs no header", () => {
    expect(read("2026-01-01,1,2\n2026-01-02,3,4")).toEqual([
      ["column 2", 1, 3],
      ["column 3", 2, 4],
    ]);
    expect(read("01/02/2026,1\n13/02/2026,2\n25/02/2026,3")).toEqual([["column 2", 1, 2, 3]]);
  });

  it("may be separated by semicolons or tabs, quoted, begin with a byte order mark, and hold empty lines", () => {
    expect(read('\uFEFF"time";"a, b"\r\n2026-01-01;1\r\n\r\n2026-01-02;"2"\r\n;\r\n')).toEqual([
      ["a, b", 1, 2],
    ]);
    expect(read("time\tv\n2026-01-01\t-1.5e3\n2026-01-02\t.5")).toEqual([["v", -1500, 0.5]]);
  });

  it.each(["sep=;\n", "\uFEFFsep=;\r\n", '"sep=;"\n', "SEP=;\n"])("may name its separator: %j", (line) => {
    const text = `${line}time;a,b\n2026-01-01;1\n2026-01-02;2`;
    expect(read(text)).toEqual([["a,b", 1, 2]]);
    expect(read(text.replaceAll(";", "|"))).toEqual([["a,b", 1, 2]]);
    expect(
      read(
        text
          .replaceAll(/(?<!=);/g, "\t")
          .replace("sep=;", "sep=\\t")
          .replace("SEP=;", "SEP=\\t"),
      ),
    ).toEqual([["a,b", 1, 2]]);
    expect(() => read(`${text}\n2026-01-03;x`)).toThrow(/^x.csv:5: column 2/);
  });

  it("may have decimal commas, without a header and beside a comma in a name", () => {
    expect(read("2026-01-01;50,00\n2026-01-02;52,47")).toEqual([["column 2", 50, 52.47]]);
    expect(read("Time;CPU, %\n2026-01-01;50,00\n2026-01-02;52,47")).toEqual([["CPU, %", 50, 52.47]]);
    expect(read('time,v\n2026-01-01,"1.234,5"\n2026-01-02,"2,5"')).toEqual([["v", 1234.5, 2.5]]);
    expect(read("time;v\n2026-01-01;1,234\n2026-01-02;2,345", { decimal: "," })).toEqual([
      ["v", 1.234, 2.345],
    ]);
    expect(read("time;v\n2026-01-01;1,234\n2026-01-02;2,345", { decimal: "." })).toEqual([["v", 1234, 2345]]);
    expect(() => read("time;v\n2026-01-01;1,234\n2026-01-02;2,345")).toThrow(
      'x.csv: "1,234" can be 1234 or 1.234: name the decimal mark with --decimal . or --decimal ,',
    );
  });

  it("may have labels with quotes in its header, as an export of Grafana", () => {
    expect(read('Time;up{job="node"}\n2026-01-01;1\n2026-01-02;2')).toEqual([['up{job="node"}', 1, 2]]);
    expect(read('"Time","up{a=""1"",b=""2""}"\n2026-01-01,1\n2026-01-02,2')).toEqual([
      ['up{a="1",b="2"}', 1, 2],
    ]);
  });

  it("may have units, and says how they were read", () => {
    const { series, notes } = readAll("time,a,b,c\n2026-01-01,12 ms,95%,1\n2026-01-02,1.5 s,96%,2");
    expect(series.map(({ values }) => [...values])).toEqual([
      [0.012, 1.5],
      [95, 96],
      [1, 2],
    ]);
    expect(notes).toEqual(["a: values with several units were read in s", "b: values were read in %"]);
    expect(() => read("time,a\n2026-01-01,12 ms\n2026-01-02,13 ms\n2026-01-03,3 GiB")).toThrow(
      'x.csv:4: column 2 ("a") is "3 GiB": expected a finite number in ms, as in the other rows, or nothing for a gap',
    );
  });

  it.each(["", " ", "NaN", "null", "NA", "n/a"])("takes %j for a gap", (cell) => {
    expect(read(`time,v\n2026-01-01,${cell}\n2026-01-02,2\n2026-01-03,3`)).toEqual([["v", null, 2, 3]]);
  });

  it("gives the columns that are asked for, and names those with text", () => {
    const text = "time,host,cpu,load\n2026-01-01,web,1,2\n2026-01-02,web,3,4";
    expect(read(text, { columns: ["load"] })).toEqual([["load", 2, 4]]);
    expect(read(text)).toEqual([
      ["cpu", 1, 3],
      ["load", 2, 4],
    ]);
    expect(readAll(text).untested).toEqual([
      { id: "host", reason: 'holds text, such as "web", and no number' },
    ]);
    expect(() => read(text, { columns: ["disk"] })).toThrow(
      'x.csv: there is no column "disk" of values: expected one of host, cpu, load',
    );
    expect(() => read(text, { columns: ["time"] })).toThrow(/no column "time" of values/);
    expect(() => read(text, { ids: ["disk"] })).toThrow(
      'x.csv: there is no column "disk": expected one of time, host, cpu, load',
    );
  });

  it.each([
    ["", "x.csv: expected a table with a column of times, got no rows"],
    ["time,v\n", "x.csv: expected rows below the header, got none"],
    ["v\n1\n", "x.csv:1: expected a column of times and one of values, got one column"],
    [
      "time,v\nsoon,1\nlater,2",
      'x.csv:2: column 1 ("time") is "soon": expected a date such as 2026-01-31T23:00:00Z, 2026-01-31 or 20260131',
    ],
    [
      `time,v\n${rows(20, (index) => `2026-01-${index + 10},1`)}\nsoon,2`,
      'x.csv:22: column 1 ("time") is "soon": expected an ISO 8601 date',
    ],
    [
      `time,v\n${rows(20, (index) => `${20260101 + index},1`)}\n20260132,2`,
      'x.csv:22: column 1 ("time") is "20260132": expected a date as YYYYMMDD',
    ],
    ["time,v\n01/02/2026,1\n02/02/2026,2", /"01\/02\/2026": can have the day or the month first/],
    [
      "time,v\n2026-01-01,1\n2026-01-02,x",
      'x.csv:3: column 2 ("v") is "x": expected a finite number, or nothing for a gap',
    ],
    [
      "time,v\n2026-01-01,1e999",
      'x.csv:2: column 2 ("v") is "1e999": expected a finite number, or nothing for a gap',
    ],
    ["time,v\n2026-01-01,1\n2026-01-02,Infinity", /x.csv:3: column 2 .*expected a finite number/],
    ["time,v,w\n2026-01-01,1,2\n2026-01-02,3", "x.csv:3: expected 3 columns as in line 1, got 2"],
    [
      "time,v\n2026-01-01,1,5",
      "x.csv:2: expected 2 columns as in line 1, got 3; a decimal comma needs quotes, or semicolons between columns",
    ],
    [
      "2026-01-01,50,00\n2026-01-02,52,47",
      "x.csv: columns 2 and 3 can be one number, 50,00: a decimal comma needs quotes, or semicolons between columns, or a header for two columns",
    ],
    ['time,v\n2026-01-01,"1', /^x.csv: not CSV: .*line 2/],
  ])("that is wrong is refused by line and column: %j", (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it("counts lines by line ends, within quotes too", () => {
    expect(() => read('time,"a\nb"\n2026-01-01,1\n2026-01-02,x')).toThrow(/^x.csv:4: column 2/);
  });
});

describe("the times of a table", () => {
  it("are read as calendar dates, with a note", () => {
    const { series, notes } = readAll(`date,value\n${rows(10, (index) => `20260105${10 + index},${index}`)}`);
    expect(series[0]).toMatchObject({ stepSeconds: 3600, endMillis: Date.UTC(2026, 0, 5, 19) });
    expect(notes).toEqual(["times were read as YYYYMMDDHH", NO_ZONE]);
  });

  it("of 1970 or of a far future are noted", () => {
    expect(readAll(`time,v\n${rows(10, (index) => `${index},${index}`)}`).notes).toEqual([
      "times were read as a number of seconds since 1970: from 1970-01-01T00:00:00.000Z to 1970-01-01T00:00:09.000Z; write dates if they are something else, such as numbers of rows or days of Excel",
    ]);
    expect(readAll(`time,v\n${rows(10, (index) => `${9e9 + index},${index}`)}`).notes).toHaveLength(1);
    // This is 5 January 2026, 18:30, in YYMMDDHHMM.
    expect(readAll(`time,v\n${rows(10, (index) => `${2601051830 + index},${index}`)}`).notes).toHaveLength(1);
    expect(readAll(`time,v\n${rows(10, (index) => `${1.7e9 + index},${index}`)}`).notes).toEqual([]);
  });

  it("without a zone are those of --time-zone", () => {
    const text = "time,v\n2026-07-05 12:00,1\n2026-07-05 13:00,2";
    expect(readAll(text).notes).toEqual([NO_ZONE]);
    const { series, notes } = readAll(text, { clock: localClock("Europe/Berlin") });
    expect(series[0]?.endMillis).toBe(Date.UTC(2026, 6, 5, 11));
    expect(notes).toEqual([]);
  });

  it("in the hour that comes twice are both kept with --time-zone", () => {
    const hours = ["00:00", "01:00", "02:00", "02:00", "03:00", "04:00"];
    const text = `time,v\n${hours.map((hour, index) => `2026-10-25 ${hour},${index}`).join("\n")}`;
    expect(read(text, { clock: localClock("Europe/Berlin") })).toEqual([["v", 0, 1, 2, 3, 4, 5]]);
    expect(() => read(text)).toThrow(/if a clock was put back, name its zone with --time-zone$/);
  });
});

describe("a long table", () => {
  const long = `Series;Time;Value\n${["a", "b"]
    .flatMap((name, place) => rows(10, (index) => `${name};2026-01-${10 + index};${100 * place + index}`))
    .join("\n")}`;

  it.each([[[]], [["Value"]]])("is refused, and its column of ids is named (columns %j)", (columns) => {
    expect(() => read(long, { columns })).toThrow(
      "x.csv:12: the time 2026-01-10T00:00:00.000Z is in lines 2 and 12: if the table holds several series, name the column that distinguishes them with --id Series",
    );
  });

  it("has a series for each id", () => {
    expect(read(long, { ids: ["Series"] })).toEqual([
      ["a", 0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      ["b", 100, 101, 102, 103, 104, 105, 106, 107, 108, 109],
    ]);
  });

  it("may have numbers as ids, several columns of ids and several of values", () => {
    const text = `time,host id,disk,used,free\n${rows(8, (index) => `2026-01-0${1 + (index >> 2)},${index % 2},${(index >> 1) % 2 ? "sdb" : "sda"},${index + 1},${-1 - index}`)}`;
    expect(() => read(text, { columns: ["used"], ids: ["disk"] })).toThrow(/with --id "host id";/);
    expect(() => read(text, { columns: ["used"] })).toThrow(/with --id COLUMN;/);
    expect(() => read(text.replaceAll(/,([01]),sd/g, ",h$1,sd"))).toThrow(/with --id "host id" --id disk;/);
    expect(read(text, { ids: ["host id", "disk"] })).toEqual([
      ["0, sda: used", 1, 5],
      ["0, sda: free", -1, -5],
      ["1, sda: used", 2, 6],
      ["1, sda: free", -2, -6],
      ["0, sdb: used", 3, 7],
      ["0, sdb: free", -3, -7],
      ["1, sdb: used", 4, 8],
      ["1, sdb: free", -4, -8],
    ]);
  });

  it("is refused although few times have two values, where a column distinguishes them", () => {
    const text = `time,host,v\n${rows(30, (index) => `${1_767_225_600 + 60 * index},a,1`)}\n1767225600,b,3`;
    expect(() => read(text)).toThrow(/is in lines 2 and 32: .* with --id host$/);
    expect(readAll(text, { ids: ["host"] }).untested.map(({ id }) => id)).toEqual(["b"]);
  });

  it("is one series where rows repeat others, or where few times have two values", () => {
    const text = `time,v\n${rows(30, (index) => `2026-01-${10 + (index % 20)},${index % 20}`)}`;
    expect(readAll(text).notes).toEqual(["rows that repeat another row are read once (10 of 30)"]);
    const few = `time,v\n${rows(30, (index) => `${1_767_225_600 + 60 * index},1`)}\n1767225600,3`;
    const { series, notes } = readAll(few);
    expect(series[0]?.values[0]).toBe(2);
    expect(notes).toEqual([
      "the time 2026-01-01T00:00:00.000Z is in lines 2 and 32: such values are averaged (1 of 31 rows); if the table holds several series, name the column that distinguishes them with --id COLUMN",
    ]);
  });
});

describe("a long table whose rows have different times", () => {
  const at = (seconds: number): string => new Date(1_767_225_600_000 + 1000 * seconds).toISOString();
  const turns = (name: string, texts: readonly string[], time = (index: number) => index): string =>
    `time,${name},v\n${rows(40, (index) => `${at(time(index))},${texts[index % texts.length]},${index}`)}`;

  it.each([
    ["host", ["alpha", "beta"]],
    ["Host Name", ["alpha", "beta"]],
    ["sensor_id", ["7", "9"]],
    ["what", ["web-1", "web-2"]],
  ])("is refused where %s shows that it holds several series", (name, texts) => {
    const text = turns(name, texts);
    const option = name.includes(" ") ? `--id "${name}"` : `--id ${name}`;
    expect(() => read(text)).toThrow(
      `x.csv: "${name}" has 2 different texts, such as "${texts[0]}" and "${texts[1]}": name it with ${option} if these are series; else leave it out of the input`,
    );
    expect(read(text, { ids: [name] }).map(([id]) => id)).toEqual(texts);
  });

  it("is refused where the times of each text are regular and those of all rows are not", () => {
    const text = turns("what", ["alpha", "beta"], (index) => 60 * (index >> 1) + (index % 2));
    expect(() => read(text)).toThrow(/name it with --id what if these are series/);
    expect(() => read(text, { columns: ["v"] })).toThrow(/name it with --id what/);
    expect(read(text, { ids: ["what"] })).toHaveLength(2);
  });

  it("is one series with a note where texts may be about it", () => {
    const { series, notes } = readAll(turns("weekday", ["mo", "tu", "we"], (index) => 86_400 * index));
    expect(series).toHaveLength(1);
    expect(notes).toEqual([
      'rows with different texts in "weekday" were read as one series; if these are series, name it with --id weekday',
    ]);
  });

  it("has no series where each row has a text of its own, or all have the same", () => {
    expect(readAll(turns("host", ["alpha"])).notes).toEqual([]);
    const remarks = Array.from({ length: 40 }, (_, index) => `remark ${"x".repeat(index)}`);
    expect(readAll(turns("name", remarks)).notes).toEqual([]);
  });
});
