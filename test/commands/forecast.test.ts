import { describe, expect, it } from "vitest";
import { forecastCommand } from "../../src/commands/forecast.ts";

async function* linesOf(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

async function answersTo(lines: readonly (string | object)[], method?: string): Promise<unknown[]> {
  const written: string[] = [];
  let clock = 0;
  const input = linesOf(lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))));
  await forecastCommand(input, (line) => void written.push(line), {
    method,
    now: () => {
      clock += 1.5;
      return clock;
    },
  });
  return written.map((line) => JSON.parse(line));
}

const values = [1, 2, null, 4, 5, 6, 7, 8, 9, 10];
const request = { id: "a", step_seconds: 300, values, horizon: 2, season: 288 };

describe("otel-forecast forecast", () => {
  it("answers a request with a path, its intervals, the method and its time", async () => {
    // The steps of the values are all 1, so the interval of the random walk is 1.2816 and 1.9600
    // times the square root of time.
    const close = (...values: number[]) => values.map((value) => expect.closeTo(value, 3));
    expect(await answersTo([request], "naive")).toEqual([
      {
        id: "a",
        mean: [10, 10],
        lo80: close(8.71845, 8.18761),
        hi80: close(11.28155, 11.81239),
        lo95: close(8.04004, 7.22819),
        hi95: close(11.95996, 12.77181),
        method: "naive",
        ms: 1.5,
      },
    ]);
  });

  it("rounds its numbers to what they mean", async () => {
    const ramp = { id: "a", step_seconds: 60, values: [1, 2, 3, 4, 5, 6, 7, 8], horizon: 3 };
    const near = [9, 10, 11].map((value) => expect.closeTo(value, 1));
    expect(await answersTo([ramp])).toMatchObject([{ mean: [9, 10, 11], lo80: near, hi80: near }]);
    const [answer] = (await answersTo([{ ...request, values: [1, 3, 2, 5, 4, 7, 5] }], "naive")) as [
      { hi95: number[] },
    ];
    expect(String(answer.hi95[0]).length).toBeLessThanOrEqual(7);
  });

  it("takes the NaN of Python for a gap, but not its Infinity, and leaves texts alone", async () => {
    const line = JSON.stringify({ ...request, id: "NaN" }).replace("null", "NaN");
    const infinite = JSON.stringify(request).replace("null", "-Infinity");
    const [gap, wrong] = await answersTo([line, infinite], "naive");
    expect(gap).toMatchObject({ id: "NaN", mean: [10, 10] });
    expect(wrong).toEqual({
      id: "a",
      error: "values[2] is -Infinity: expected a finite number, or null for a gap",
    });
  });

  it("uses the method that is given", async () => {
    const [answer] = await answersTo([request], "linear-trend");
    expect(answer).toMatchObject({ method: "linear-trend", mean: [expect.closeTo(11), expect.closeTo(12)] });
  });

  it("answers every line in order and goes on after a bad one", async () => {
    const answers = await answersTo(
      ["nonsense", { ...request, id: 7 }, "", "[1]", { ...request, id: "z" }],
      "naive",
    );
    expect(answers).toMatchObject([
      { id: null, error: expect.stringMatching(/^not JSON/) },
      { id: 7, mean: [10, 10] },
      { id: null, error: "line is an array of 1: expected a JSON object" },
      { id: "z", mean: [10, 10] },
    ]);
  });

  it.each([
    [{ id: undefined }, null, "id is missing: expected a string or a number"],
    [{ id: { a: 1 } }, null, 'id is {"a":1}: expected a string or a number'],
    [{ step_seconds: 0 }, "a", "step_seconds is 0: expected a number above 0"],
    [{ step_seconds: "60" }, "a", 'step_seconds is "60": expected a number above 0'],
    [{ horizon: 0 }, "a", "horizon is 0: expected a whole number of steps from 1 to 100000"],
    [{ horizon: 1e9 }, "a", "horizon is 1000000000: expected a whole number of steps from 1 to 100000"],
    [{ horizon: 1.5 }, "a", "horizon is 1.5: expected a whole number of steps from 1 to 100000"],
    [{ horizon: null }, "a", "horizon is null: expected a whole number of steps from 1 to 100000"],
    [{ season: 1 }, "a", "season is 1: expected a whole number of steps of at least 2, or none"],
    [{ season: "day" }, "a", 'season is "day": expected a whole number of steps of at least 2, or none'],
    [{ total: 1 }, "a", "total is 1: expected true or false"],
    [
      { total: true, values: [1, 3, null, 2] },
      "a",
      "values[3] is 2 after 3: expected a total, which never falls",
    ],
    [{ values: "1,2" }, "a", 'values is "1,2": expected an array of at most 1000000 numbers and nulls'],
    [{ values: [1, "2"] }, "a", 'values[1] is "2": expected a finite number, or null for a gap'],
    [{ values: [1, 2, 3] }, "a", "warming up: 2 more points needed"],
    [{ values: [null, null] }, "a", "warming up: 5 more points needed"],
    [{ values: [1, 2, 3, 4] }, "a", "warming up: 1 more point needed"],
  ])("names what is wrong with %j", async (change, id, error) => {
    expect(await answersTo([{ ...request, ...change }])).toEqual([{ id, error }]);
  });

  it("takes a season of null, of two steps, one longer than the history, and a number too large for a double", async () => {
    expect(
      await answersTo([
        { ...request, season: null },
        { ...request, season: 2 },
        { ...request, season: 1e6 },
      ]),
    ).toMatchObject(new Array(3).fill({ mean: expect.any(Array) }));
    const overflow = JSON.stringify({ ...request, values: [] }).replace("[]", "[1,1e999]");
    expect(await answersTo([overflow])).toMatchObject([{ error: /values\[1\] is Infinity/ }].map(matching));
  });

  it("rejects an unknown method before it reads anything", async () => {
    await expect(answersTo([request], "magic")).rejects.toThrow(
      /unknown method "magic": expected one of auto/,
    );
  });
});

function matching({ error }: { error: RegExp }): object {
  return { error: expect.stringMatching(error) };
}
