import { describe, expect, it } from "vitest";
import { type InputRequest, readInput } from "../../../../src/commands/backtest/input/read-input.ts";
import { localClock } from "../../../../src/series/local-clock.ts";

function read(text: string | Error, more: Partial<InputRequest> = {}): ReturnType<typeof readInput> {
  return readInput({
    input: "data.jsonl",
    columns: [],
    ids: [],
    clock: undefined,
    decimal: undefined,
    rangeQuery: undefined,
    timeoutMillis: 1000,
    readText: async () => {
      if (text instanceof Error) throw text;
      return text;
    },
    ...more,
  });
}

const lines = (...objects: object[]): string => objects.map((it) => JSON.stringify(it)).join("\n");

describe("series on their regular grid", () => {
  it("have the median step, gaps for empty slots and means for slots with several points", async () => {
    const points = [0, 60, 120, 300, 360, 361].map((seconds, index) => ({
      timestamp: 1767225600 + seconds,
      value: index,
    }));
    const {
      series: [series],
    } = await read(lines(...points));
    expect(series).toEqual({
      id: "value",
      stepSeconds: 60,
      endMillis: 1767225961000,
      values: Float64Array.of(0, 1, 2, Number.NaN, Number.NaN, 3, 4.5),
    });
  });

  it("do not depend on the order of their points", async () => {
    const points = [2, 0, 1].map((minute) => ({ timestamp: `2026-01-01T00:0${minute}:00Z`, value: minute }));
    const {
      series: [series],
    } = await read(lines(...points));
    expect(series?.values).toEqual(Float64Array.of(0, 1, 2));
  });

  it("do not overflow where the largest numbers are averaged", async () => {
    const value = 1.7e308;
    const points = [0, 60, 61, 120].map((seconds) => ({ timestamp: 1767225600 + seconds, value }));
    const {
      series: [series],
    } = await read(lines(...points));
    expect(series?.values.every((it) => it === value)).toBe(true);
  });

  it("have a gap only where no point of a slot has a value", async () => {
    const points = [0, 60, 120, 121, 180, 240].map((seconds) => ({
      timestamp: 1767225600 + seconds,
      value: seconds === 120 || seconds === 180 ? null : seconds,
    }));
    const {
      series: [series],
    } = await read(lines(...points));
    expect(series?.values).toEqual(Float64Array.of(0, 60, 121, Number.NaN, 240));
  });

  it("are distinguished by id", async () => {
    const points = ["a", "b"].flatMap((id) =>
      [0, 60].map((at) => ({ id, timestamp: 1767225600 + at, value: at })),
    );
    expect((await read(lines(...points))).series.map(({ id }) => id)).toEqual(["a", "b"]);
  });

  it("may come as whole series, as the forecast command takes them", async () => {
    const whole = { id: 7, step_seconds: 300, values: [1, null, 3], season: 288 };
    expect((await read(lines(whole))).series).toEqual([
      { id: "7", stepSeconds: 300, season: 288, values: Float64Array.of(1, Number.NaN, 3) },
    ]);
  });

  it("are distinguished by the fields that are named, where points of one time are refused otherwise", async () => {
    const points = ["a", "b"].flatMap((host) =>
      [0, 60].map((at) => ({ host, timestamp: 1767225600 + at, value: at + (host === "a" ? 0 : 1) })),
    );
    await expect(read(lines(...points))).rejects.toThrow(
      "data.jsonl:3: the time 2026-01-01T00:00:00.000Z is in lines 1 and 3: if the points are several series, name the field that distinguishes them with --id host",
    );
    expect((await read(lines(...points), { ids: ["host"] })).series).toMatchObject([
      { id: "a", values: Float64Array.of(0, 60) },
      { id: "b", values: Float64Array.of(1, 61) },
    ]);
    await expect(read(lines(...points), { ids: ["pod"] })).rejects.toThrow(
      "data.jsonl:1: pod is missing: expected a string or a number",
    );
    const numbered = points.map(({ host, ...point }) => ({ ...point, store: host === "a" ? 1 : 2 }));
    await expect(read(lines(...numbered))).rejects.toThrow(/with --id store$/);
    const unnamed = points.map(({ timestamp, value }) => ({ timestamp, value }));
    await expect(read(lines(...unnamed))).rejects.toThrow(/with --id FIELD$/);
  });

  it.each(["time", "ts", "date", "datetime", "ds", "@timestamp", "epoch"])(
    "may have their times in a field named %s, which a note says",
    async (name) => {
      const points = [0, 60].map((at) => ({ [name]: 1767225600 + at, value: at }));
      const { series, notes } = await read(lines(...points));
      expect(series).toMatchObject([{ id: "value", stepSeconds: 60, values: Float64Array.of(0, 60) }]);
      expect(notes).toEqual([`times were read from the field "${name}"`]);
      await expect(read(lines(...points, { value: 1 }))).rejects.toThrow(`data.jsonl:3: ${name} is missing`);
    },
  );

  it("have the time in timestamp where other fields have such names too", async () => {
    const points = [0, 60].map((at) => ({ date: "today", timestamp: 1767225600 + at, value: at }));
    expect((await read(lines(...points))).notes).toEqual([]);
    await expect(read(lines({ value: 1 }))).rejects.toThrow("data.jsonl:1: timestamp is missing");
  });

  it("may have their values in the only other field with a number", async () => {
    const points = [0, 60].map((at) => ({ ds: 1767225600 + at, y: at, unit: "ms" }));
    const { series, notes } = await read(lines(...points));
    expect(series).toMatchObject([{ values: Float64Array.of(0, 60) }]);
    expect(notes).toEqual(['times were read from the field "ds"', 'values were read from the field "y"']);
    await expect(read(lines(...points.map((point) => ({ ...point, z: 1 }))))).rejects.toThrow(
      "data.jsonl:1: value is missing",
    );
  });

  it("of different times are refused too, where a field shows that they are several series", async () => {
    const points = Array.from({ length: 20 }, (_, index) => ({
      host: index % 2 === 0 ? "alpha" : "beta",
      timestamp: 1767225600 + index,
      value: index,
    }));
    await expect(read(lines(...points))).rejects.toThrow(
      'data.jsonl: "host" has 2 different texts, such as "alpha" and "beta": name it with --id host if these are series; else leave it out of the input',
    );
    expect((await read(lines(...points), { ids: ["host"] })).series).toHaveLength(2);
  });

  it("need no name for the field id, and are told what distinguishes them beside it", async () => {
    const points = Array.from({ length: 40 }, (_, index) => ({
      id: index % 2 === 0 ? "alpha" : "beta",
      timestamp: 1767225600 + index,
      value: index,
    }));
    expect((await read(lines(...points))).series).toMatchObject([{ id: "alpha" }, { id: "beta" }]);
    const ofHosts = ["a", "b"].flatMap((host, more) =>
      points.map((point) => ({ ...point, host, value: point.value + 100 * more })),
    );
    await expect(read(lines(...ofHosts))).rejects.toThrow(
      /name the field that distinguishes them with --id host$/,
    );
  });

  it("may have local times, read by a clock", async () => {
    const points = [10, 11].map((hour) => ({ timestamp: `2026-07-01 ${hour}:00`, value: hour }));
    const { series, notes } = await read(lines(...points), { clock: localClock("Europe/Berlin") });
    expect(series[0]?.endMillis).toBe(Date.UTC(2026, 6, 1, 9));
    expect(notes).toEqual([]);
    expect((await read(lines(...points))).notes).toEqual([
      "times without a zone were read as UTC; --time-zone names another zone",
    ]);
  });

  const points = [1, 2, 3].map((day) => ({ timestamp: `2026-01-0${day}`, value: day }));
  it.each([
    ["lines after a byte order mark", `\uFEFF${lines(...points)}`],
    ["an array", JSON.stringify(points)],
    ["several lines each", points.map((point) => JSON.stringify(point, null, 2)).join("\n")],
    ["one line each, with empty lines", `\n${lines(...points).replaceAll("\n", "\r\n\r\n")}\n`],
    ["the NaN of Python", lines(...points, { timestamp: "2026-01-04", value: null }).replace("null", "NaN")],
  ])("may come as JSON in %s", async (_, text) => {
    const { series } = await read(text);
    expect([...(series[0]?.values ?? [])].filter((value) => !Number.isNaN(value))).toEqual([1, 2, 3]);
  });

  it("that have no grid are named, and the others are read", async () => {
    const odd = { id: "odd", timestamp: "2026-01-01", value: 1 };
    expect(await read(lines(...points, odd))).toMatchObject({
      series: [{ id: "value" }],
      untested: [
        { id: "odd", reason: "values at one time only: expected values at two different times at least" },
      ],
    });
  });

  it("may come as an answer of Prometheus that was saved", async () => {
    const answer = {
      status: "success",
      data: {
        resultType: "matrix",
        result: [
          {
            metric: { __name__: "up", job: "a" },
            values: [
              [1767225600, "1"],
              [1767225660, "NaN"],
              [1767225720, "+Inf"],
              [1767225780, "2.5"],
            ],
          },
        ],
      },
    };
    expect((await read(JSON.stringify(answer, null, 1))).series).toMatchObject([
      { id: 'up{job="a"}', stepSeconds: 60, values: Float64Array.of(1, Number.NaN, Number.NaN, 2.5) },
    ]);
  });
});

describe("a saved answer of Prometheus", () => {
  const values = [
    [1767225600, "1"],
    [1767225660, "2"],
  ];
  const answer = (result: unknown[], more: object = {}): string =>
    JSON.stringify({ data: { resultType: "matrix", result }, status: "success", ...more }, null, 2);

  it("may be sorted and in several lines", async () => {
    expect((await read(answer([{ metric: { a: "1" }, values }]))).series).toMatchObject([{ id: '{a="1"}' }]);
  });

  it("names the series that cannot be tested, and gives the others", async () => {
    const histograms = [[1767225600, { count: "1", sum: "1" }]];
    const text = answer([
      { metric: { pod: "a" }, values },
      { metric: { pod: "new" }, values: values.slice(1) },
      { metric: { pod: "none" }, values: null },
      { metric: { pod: "h" }, histograms },
      { metric: { pod: "both" }, values, histograms },
    ]);
    const { series, untested, notes } = await read(text);
    expect(series.map(({ id }) => id)).toEqual(['{pod="a"}', '{pod="both"}']);
    expect(untested).toEqual([
      {
        id: '{pod="new"}',
        reason: "values at one time only: expected values at two different times at least",
      },
      { id: '{pod="none"}', reason: "no value in this range" },
      {
        id: '{pod="h"}',
        reason:
          "native histograms, not numbers: query one number of them, such as histogram_quantile(0.95, rate(x[5m])) or histogram_count(x)",
      },
    ]);
    expect(notes).toEqual(['{pod="both"}: its native histograms were left out, its numbers were read']);
  });

  it("has remarks on the answer", async () => {
    const more = { warnings: ["a store is gone"], infos: ["not a counter"], isPartial: true };
    expect((await read(answer([{ metric: {}, values }], more))).notes).toEqual([
      "Prometheus warned: a store is gone",
      "Prometheus remarked: not a counter",
      "Prometheus warned: the answer is partial",
    ]);
    expect((await read(answer([{ metric: {}, values }], { warnings: null }))).notes).toEqual([]);
  });

  it("may be an error", async () => {
    const text = JSON.stringify({ status: "error", errorType: "bad_data", error: "parse error" });
    await expect(read(text)).rejects.toThrow("data.jsonl: Prometheus answered: parse error");
  });
});

describe("an input that cannot be used", () => {
  it.each([
    ["{broken", /^data.jsonl:1: not JSON/],
    [
      `${lines({ timestamp: 0, value: 1 })}\n[1]`,
      "data.jsonl:2: line is an array of 1: expected a JSON object",
    ],
    [lines({ timestamp: "soon", value: 1 }), 'data.jsonl:1: timestamp is "soon": expected a date such as'],
    [lines({ value: 1 }), "data.jsonl:1: timestamp is missing: expected a date such as"],
    [
      lines({ timestamp: 0, value: "1" }),
      'data.jsonl:1: value is "1": expected a finite number, or null for a gap',
    ],
    [lines({ timestamp: 0 }), "data.jsonl:1: value is missing: expected a finite number"],
    [
      lines({ timestamp: 0, value: 1, id: [] }),
      "data.jsonl:1: id is an array of 0: expected a string or a number",
    ],
    [lines({ id: "a", values: [1] }), "data.jsonl:1: step_seconds is missing: expected a number above 0"],
    [
      lines({ timestamp: 5, value: 1 }, { timestamp: 5, value: 2 }),
      "data.jsonl:2: the time 1970-01-01T00:00:05.000Z is in lines 1 and 2",
    ],
    [`${JSON.stringify({ timestamp: 0, value: 1 }, null, 2)}\n{broken`, /^data.jsonl:1: not JSON/],
    ["[]", "data.jsonl: expected at least one series, got nothing"],
  ])("says where it is wrong and what was expected: %j", async (text, message) => {
    await expect(read(text)).rejects.toThrow(message);
  });

  it("has no series that reaches too far", async () => {
    const far = lines(
      { timestamp: 0, value: 1 },
      ...[0, 1, 2].map((at) => ({ timestamp: 1767225600 + at, value: 1 })),
    );
    expect((await read(far)).untested[0]?.reason).toMatch(
      /^expected at most 1000000 steps, but times reach from 1970-01-01T00:00:00.000Z/,
    );
  });

  it("says which file could not be read, and why", async () => {
    await expect(read(new Error("ENOENT: no such file"))).rejects.toThrow("data.jsonl: ENOENT: no such file");
    await expect(read(new Error("closed"), { input: "-" })).rejects.toThrow("standard input: closed");
  });
});
