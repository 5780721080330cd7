import { describe, expect, it } from "vitest";
import { type InputRequest, readInput } from "../../../../src/commands/backtest/input/read-input.ts";

function read(text: string | Error, more: Partial<InputRequest> = {}): ReturnType<typeof readInput> {
  return readInput({
    input: "data.jsonl",
    columns: [],
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
    const [series] = await read(lines(...points));
    expect(series).toEqual({
      id: "value",
      stepSeconds: 60,
      endMillis: 1767225961000,
      values: Float64Array.of(0, 1, 2, Number.NaN, Number.NaN, 3, 4.5),
    });
  });

  it("do not depend on the order of their points, and average those of one time", async () => {
    const points = [
      { timestamp: "2026-01-01T00:02:00Z", value: 5 },
      { timestamp: "2026-01-01T00:00:00Z", value: 1 },
      { timestamp: "2026-01-01T00:01:00Z", value: 2 },
      { timestamp: "2026-01-01T00:01:00Z", value: null },
      { timestamp: "2026-01-01T00:01:00Z", value: 4 },
    ];
    const [series] = await read(lines(...points));
    expect(series?.values).toEqual(Float64Array.of(1, 3, 5));
  });

  it("do not overflow where the largest numbers are averaged", async () => {
    const value = 1.7e308;
    const points = [0, 0, 60, 61, 120].map((seconds) => ({ timestamp: 1767225600 + seconds, value }));
    const [series] = await read(lines(...points));
    expect(series?.values.every((it) => it === value)).toBe(true);
  });

  it("have a gap only where no point of a slot has a value", async () => {
    const points = [0, 60, 120, 121, 180, 240].map((seconds) => ({
      timestamp: 1767225600 + seconds,
      value: seconds === 120 || seconds === 180 ? null : seconds,
    }));
    const [series] = await read(lines(...points));
    expect(series?.values).toEqual(Float64Array.of(0, 60, 121, Number.NaN, 240));
  });

  it("are distinguished by id", async () => {
    const points = ["a", "b"].flatMap((id) =>
      [0, 60].map((at) => ({ id, timestamp: 1767225600 + at, value: at })),
    );
    expect((await read(lines(...points))).map(({ id }) => id)).toEqual(["a", "b"]);
  });

  it("may come as whole series, as the forecast command takes them", async () => {
    const whole = { id: 7, step_seconds: 300, values: [1, null, 3], season: 288 };
    expect(await read(lines(whole))).toEqual([
      { id: "7", stepSeconds: 300, season: 288, values: Float64Array.of(1, Number.NaN, 3) },
    ]);
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
    expect(await read(JSON.stringify(answer, null, 1))).toMatchObject([
      { id: 'up{job="a"}', stepSeconds: 60, values: Float64Array.of(1, Number.NaN, Number.NaN, 2.5) },
    ]);
  });
});

describe("an input that cannot be used", () => {
  it.each([
    ["{broken", /^data.jsonl:1: not JSON/],
    [
      `${lines({ timestamp: 0, value: 1 })}\n[1]`,
      "data.jsonl:2: line is an array of 1: expected a JSON object",
    ],
    [lines({ timestamp: "soon", value: 1 }), 'data.jsonl:1: timestamp is "soon": expected an ISO 8601 date'],
    [lines({ value: 1 }), "data.jsonl:1: timestamp is missing: expected an ISO 8601 date"],
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
      "data.jsonl: value: expected values at two different times at least",
    ],
    ["time,v\n", "data.jsonl: v: expected values at two different times at least"],
    [
      lines({ timestamp: 0, value: 1 }, ...[0, 1, 2].map((at) => ({ timestamp: 1767225600 + at, value: 1 }))),
      /expected at most 1000000 steps, but times reach from 1970-01-01T00:00:00.000Z/,
    ],
  ])("says where it is wrong and what was expected: %j", async (text, message) => {
    await expect(read(text)).rejects.toThrow(message);
  });

  it("says which file could not be read, and why", async () => {
    await expect(read(new Error("ENOENT: no such file"))).rejects.toThrow("data.jsonl: ENOENT: no such file");
    await expect(read(new Error("closed"), { input: "-" })).rejects.toThrow("standard input: closed");
  });
});
