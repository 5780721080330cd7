import fc from "fast-check";
import { expect, it } from "vitest";
import { rangeQueryUrl } from "../../src/commands/backtest/input/prometheus/range-query.ts";
import { type InputRequest, readInput } from "../../src/commands/backtest/input/read-input.ts";
import { BadInput } from "../../src/commands/bad-input.ts";
import { BadRequest, parseRequest } from "../../src/commands/forecast/request.ts";
import { runs } from "../harness/runs.ts";
import { anyJson, anyText } from "./harness/any-text.ts";

const STEPS = 12;
const START = Date.UTC(2026, 0, 1);
const times = Array.from({ length: STEPS }, (_, index) => new Date(START + index * 60_000).toISOString());
const TABLES = [
  ["time,host,cpu", ...times.map((time, index) => `${time},web-${index % 2},${index}.5`)].join("\n"),
  ["Date;Value", ...times.map((_, index) => `${index + 1}.02.2026;1.000,${index}`)].join("\r\n"),
  ["ds\ty", ...times.map((_, index) => `${1_767_225_600 + index * 60}\t${index} kB`)].join("\n"),
];
const whole = { id: "a", step_seconds: 60, values: [1, 2, null, 4, 5] };
const LINES = [
  JSON.stringify(whole),
  times.map((timestamp, value) => JSON.stringify({ timestamp, value, id: "a" })).join("\n"),
  JSON.stringify(times.map((time, value) => ({ time, value }))),
];
const ANSWERS = [
  JSON.stringify({
    status: "success",
    warnings: ["slow"],
    data: {
      resultType: "matrix",
      result: [
        {
          metric: { __name__: "up", job: "a" },
          values: times.map((_, at) => [1_767_225_600 + at * 60, `${at}`]),
        },
      ],
    },
  }),
  JSON.stringify({ status: "error", errorType: "bad_data", error: "parse \u001b[2J error" }),
];
const REQUESTS = [
  JSON.stringify({ ...whole, horizon: 3 }),
  JSON.stringify({ ...whole, values: [1, 2, 3], horizon: 3, season: 2, total: true }),
];
const JSON_TOKENS = [
  '"values":',
  '"metric"',
  '"data":{',
  "[",
  "]",
  "{",
  "}",
  ",",
  "null",
  "NaN",
  "Infinity",
  '"+Inf"',
];
const TABLE_TOKENS = [
  ",",
  ";",
  "\t",
  '"',
  '""',
  "\n",
  "\r\n",
  "\ufeff",
  "-",
  "1.234,5",
  "2026-02-30",
  "%",
  "time",
];
const LOGINS = ["user:s3cret@", "user:a@s3cret@", ":s3cret@"];
const WRONG_PORT = "http://user:s3cret@localhost:x/";
const request = {
  input: "x.csv",
  columns: [],
  ids: [],
  clock: undefined,
  decimal: undefined,
  rangeQuery: undefined,
  timeoutMillis: 1,
} satisfies Partial<InputRequest>;

/** Reads a text as an input of `backtest`. It is read, or refused with a place in it. */
async function mustBeReadOrRefused(text: string): Promise<void> {
  const read = await readInput({ ...request, readText: async () => text }).catch(refused);
  for (const { values } of read?.series ?? [])
    expect(values.some((value) => Math.abs(value) === Infinity)).toBe(false);
}

function refused(error: unknown): undefined {
  if (!(error instanceof BadInput)) throw error;
  expect(error.message).toMatch(/^x\.csv/);
}

async function attack(texts: fc.Arbitrary<string>): Promise<void> {
  await fc.assert(fc.asyncProperty(texts, mustBeReadOrRefused), { numRuns: runs(100) });
}

it("table", () => attack(anyText(TABLES, TABLE_TOKENS)));

it("JSON lines", () =>
  attack(
    fc.oneof(
      anyText(LINES, JSON_TOKENS),
      fc.array(anyJson).map((it) => it.map((one) => JSON.stringify(one)).join("\n")),
    ),
  ));

it("answer of Prometheus", () => {
  const data = fc
    .tuple(anyJson, anyJson)
    .map(([result, error]) =>
      JSON.stringify({ status: "success", error, data: { resultType: "matrix", result } }),
    );
  return attack(fc.oneof(anyText(ANSWERS, JSON_TOKENS), data));
});

/** Other texts are paths of files. */
const isAddress = (text: string): boolean => /^https?:\/\//i.test(text);

it("options of a range query", () => {
  const part = anyText(
    ["up", "2026-01-01T00:00:00Z", "60s", "http://localhost:9090/p?query=a"],
    ["http://", "/api/v1/query_range", "?", "&query=", "#", "@", ":", "1e9", "5y"],
  );
  const address = fc
    .tuple(part, fc.constantFrom("", ...LOGINS))
    .map(([text, login]) => (text.includes("//") ? text.replace("//", () => `//${login}`) : text));
  const parts = fc.option(fc.record({ query: part, start: part, end: part, step: part }), { nil: undefined });
  fc.assert(
    fc.property(fc.oneof(address, fc.constant(WRONG_PORT)).filter(isAddress), parts, (given, rangeQuery) => {
      try {
        rangeQueryUrl(given, rangeQuery);
      } catch (error) {
        if (!(error instanceof BadInput)) throw error;
        expect(error.message).not.toContain("s3cret");
      }
    }),
    { numRuns: runs(100) },
  );
});

it("line of forecast", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        anyText(REQUESTS, JSON_TOKENS),
        anyJson.map((it) => JSON.stringify(it)),
      ),
      (line) => {
        try {
          expect(parseRequest(line).horizon).toBeGreaterThan(0);
        } catch (error) {
          if (!(error instanceof BadRequest)) throw error;
        }
      },
    ),
    { numRuns: runs(100) },
  );
});
