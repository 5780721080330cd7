import { diag } from "@opentelemetry/api";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { log } from "../../src/logging/component-logger.ts";
import { logToStandardError } from "../../src/logging/stderr-diag.ts";

const written: unknown[][] = [];

beforeEach(() => {
  written.length = 0;
  vi.spyOn(console, "error").mockImplementation((...line) => void written.push(line));
});
afterEach(() => {
  diag.disable();
  vi.restoreAllMocks();
});

it("writes a repeated message the first, 10th, 100th and 1000th time", () => {
  logToStandardError("info");
  for (let span = 1; span <= 1000; span += 1)
    diag.warn(`Cannot execute the operation on ended Span {id: ${span}}`);
  diag.warn('Invalid metric name: "ä". The metric name should be ASCII.');
  expect(written).toEqual([
    ["[warn] otel-forecast: OpenTelemetry: Cannot execute the operation on ended Span {id: 1}"],
    [
      "[warn] otel-forecast: OpenTelemetry: (10 times so far) Cannot execute the operation on ended Span {id: 10}",
    ],
    [
      "[warn] otel-forecast: OpenTelemetry: (100 times so far) Cannot execute the operation on ended Span {id: 100}",
    ],
    [
      "[warn] otel-forecast: OpenTelemetry: (1000 times so far) Cannot execute the operation on ended Span {id: 1000}",
    ],
    ['[warn] otel-forecast: OpenTelemetry: Invalid metric name: "ä". The metric name should be ASCII.'],
  ]);
});

it.each(["error", "warn", "info"] as const)("thins out what is repeated at the level %s", (level) => {
  logToStandardError("all");
  written.length = 0;
  for (let time = 1; time <= 10; time += 1) diag[level]("a push failed");
  expect(written).toEqual([
    [`[${level}] otel-forecast: OpenTelemetry: a push failed`],
    [`[${level}] otel-forecast: OpenTelemetry: (10 times so far) a push failed`],
  ]);
});

it("shows what others have said on the same line, and no codes that a terminal obeys", () => {
  logToStandardError("info");
  log.warn("it answered 503: \u001b[31mred\r\n[error] forged");
  diag.warn("it answered \u001b[2J");
  expect(written).toEqual([
    ["[warn] otel-forecast: it answered 503: \\u001b[31mred\\u000d\\n[error] forged"],
    ["[warn] otel-forecast: OpenTelemetry: it answered \\u001b[2J"],
  ]);
});

it("says nothing when it replaces a logger", () => {
  logToStandardError("info");
  logToStandardError("info");
  expect(written).toEqual([]);
});

it.each(["", "nonsense"])("writes at the level info for %j", (level) => {
  logToStandardError(level);
  written.length = 0;
  diag.info("written");
  diag.debug("not written");
  expect(written).toEqual([["[info] otel-forecast: OpenTelemetry: written"]]);
});

it("counts messages per level, and writes their details", () => {
  logToStandardError("info");
  const error = new Error("refused");
  diag.warn("push failed", error);
  diag.error("push failed", error);
  expect(written).toEqual([
    ["[warn] otel-forecast: OpenTelemetry: push failed", error],
    ["[error] otel-forecast: OpenTelemetry: push failed", error],
  ]);
});

it("tells kinds of messages apart by their first hundred characters", () => {
  logToStandardError("info");
  const start = "x".repeat(99);
  for (const message of [`${start}a`, `${start}b`, `${start}b, and more`, `${start}b, and something else`])
    diag.warn(message);
  expect(written).toEqual([
    [`[warn] otel-forecast: OpenTelemetry: ${start}a`],
    [`[warn] otel-forecast: OpenTelemetry: ${start}b`],
  ]);
});

it("writes a limited number of kinds of messages", () => {
  logToStandardError("info");
  const letters = (number: number): string =>
    [...String(number)].map((digit) => "abcdefghij"[Number(digit)]).join("");
  for (let kind = 0; kind < 100_000; kind += 1) diag.warn(`${letters(kind)} failed`);
  const asOthers = written.filter(([line]) => String(line).includes("times so far")).length;
  // The first other kind is written too, then the 10th, the 100th and so on.
  expect({ kinds: written.length - asOthers, asOthers }).toEqual({ kinds: 201, asOthers: 4 });
});

it("writes every line of ours, and every line of the debug levels", () => {
  logToStandardError("debug");
  written.length = 0;
  for (let time = 0; time < 3; time += 1) {
    diag.info("otel-forecast: an alert fires");
    diag.debug("a push begins");
  }
  expect(written.map(([line]) => line)).toEqual([
    ...Array.from({ length: 3 }, () => [
      "[info] otel-forecast: an alert fires",
      "[debug] a push begins",
    ]).flat(),
  ]);
});

it("accepts a message that has no text", () => {
  logToStandardError("info");
  expect(() => diag.warn(Symbol("no text") as never, Object.create(null))).not.toThrow();
});

it.for(["debug", "verbose"] as const)(
  "writes every line of the level %s as it is, and of none above",
  (level) => {
    logToStandardError(level);
    written.length = 0;
    for (let time = 0; time < 3; time += 1) diag[level]("a push begins", time);
    expect(written).toEqual([0, 1, 2].map((time) => [`[${level}] a push begins`, time]));
    logToStandardError("info");
    written.length = 0;
    diag[level]("a push begins");
    expect(written).toEqual([]);
  },
);

it("writes what happened of an error that OpenTelemetry logs as JSON, without its stack", () => {
  logToStandardError("info");
  const failed =
    "PeriodicExportingMetricReader: metrics export failed (error Error: connect ECONNREFUSED ::1:4318)";
  diag.error(JSON.stringify({ stack: `Error: ${failed}\n    at x.js:1:2`, message: failed, name: "Error" }));
  diag.error(
    JSON.stringify({
      stack: "OTLPExporterError: Not Found\n    at y",
      message: "Not Found",
      code: "404",
      data: "no",
    }),
  );
  diag.error('{"stack": "only"}');
  diag.error('{"broken');
  expect(written).toEqual([
    [`[error] otel-forecast: OpenTelemetry: ${failed}`],
    ["[error] otel-forecast: OpenTelemetry: Not Found, 404, no"],
    ['[error] otel-forecast: OpenTelemetry: {"stack": "only"}'],
  ]);
});
