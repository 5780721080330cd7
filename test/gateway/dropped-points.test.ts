import { DiagLogLevel, diag } from "@opentelemetry/api";
import { afterEach, expect, it } from "vitest";
import { GatewayHarness } from "./harness.ts";

afterEach(() => diag.disable());

it("points that are left out for a fault are logged once for each reason, and others only counted", async () => {
  const lines: string[] = [];
  const ignore = (): void => {};
  const logger = { error: ignore, info: ignore, debug: ignore, verbose: ignore };
  const warn = (line: string): void => void lines.push(line);
  diag.setLogger({ ...logger, warn }, { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true });
  const harness = new GatewayHarness("method: naive\nhorizons: [1m]\nlimits: { streams: 2 }\n");
  const jobs = { header: { name: "jobs", kind: "counter", temporality: "delta" } } as const;
  harness.send(jobs, 1);
  // The same instant again, as in the second round below.
  harness.send(jobs, 1);
  harness.send(jobs, Number.NaN);
  for (const _ of [1, 2]) {
    harness.send(jobs, -1);
    for (const host of ["a", "b"]) harness.send({ ...jobs, attributes: { host } }, 1);
  }
  expect(lines).toEqual([
    "otel-forecast: left out points (negative): a counter or a histogram has a negative number. Later ones are only counted.",
    "otel-forecast: left out points (too_many_streams): there are more streams than limits.streams. Later ones are only counted.",
  ]);
  await harness.ticks(1);
  expect(await harness.shown("forecast_gateway_dropped_total")).toEqual(
    expect.arrayContaining([
      { labels: { reason: "negative" }, value: 2 },
      { labels: { reason: "too_many_streams" }, value: 2 },
      { labels: { reason: "late" }, value: 2 },
      { labels: { reason: "not_finite" }, value: 1 },
    ]),
  );
});
