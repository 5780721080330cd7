import { diag } from "@opentelemetry/api";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
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

it("says once what OpenTelemetry says again and again, and then how often it was said", () => {
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

it("tells apart what is said at different levels, and keeps details", () => {
  logToStandardError("info");
  const error = new Error("refused");
  diag.warn("push failed", error);
  diag.error("push failed", error);
  expect(written).toEqual([
    ["[warn] otel-forecast: OpenTelemetry: push failed", error],
    ["[error] otel-forecast: OpenTelemetry: push failed", error],
  ]);
});

it("remembers a limited number of kinds", () => {
  logToStandardError("info");
  const letters = (number: number): string =>
    [...String(number)].map((digit) => "abcdefghij"[Number(digit)]).join("");
  for (let kind = 0; kind < 100_000; kind += 1) diag.warn(`${letters(kind)} failed`);
  expect(written.length).toBeLessThan(300);
});

it("writes each line of ours as it stands, and all that is said at the levels for debugging", () => {
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

it("takes what is no text", () => {
  logToStandardError("info");
  expect(() => diag.warn(Symbol("no text") as never, Object.create(null))).not.toThrow();
});
