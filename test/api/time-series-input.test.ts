import { describe, expect, it } from "vitest";
import { checkedOptions, isNumber, type ReadRequest, readRequest } from "../../src/api/time-series-input.ts";

describe("the options of a forecaster of time series", () => {
  it("have defaults, and may be as small as these", () => {
    expect(checkedOptions({})).toEqual({ maxPoints: 1000, maxSeries: 10_000, stepSeconds: 10 });
    const least = { maxPoints: 10, maxSeries: 1, stepSeconds: 0.001 };
    expect(checkedOptions(least)).toEqual(least);
  });

  it.each([
    [{ maxPoints: 9 }, 'option "maxPoints" must be a whole number from 10, got 9'],
    [{ maxPoints: "10" }, 'option "maxPoints" must be a whole number from 10, got'],
    [{ maxSeries: 0 }, 'option "maxSeries" must be a whole number from 1, got 0'],
    [{ maxSeries: 1.5 }, 'option "maxSeries" must be a whole number from 1, got 1.5'],
    [{ stepSeconds: 0 }, 'option "stepSeconds" must be a number above 0, got 0'],
    [{ stepSeconds: Number.POSITIVE_INFINITY }, 'option "stepSeconds" must be a number above 0'],
    [{ steps: 1 }, 'unknown option "steps"; expected maxPoints, maxSeries, stepSeconds'],
    [null, "options must be an object, got null"],
    ["fast", "options must be an object, got"],
  ])("are refused: %j", (options, message) => {
    expect(() => checkedOptions(options as object)).toThrow(
      `otel-forecast: TimeSeriesForecaster: ${message}`,
    );
  });
});

describe("a request of a forecast", () => {
  const request = { agentName: "a", metricName: "m", horizonSeconds: 60 };

  it("is read with the parameters of its method, and nothing else", () => {
    const given = { ...request, window: 3, alpha: 0.5, other: 1 } as ReadRequest;
    expect(readRequest(given)).toEqual({ request: { ...request, window: 3, alpha: 0.5 } });
    expect(readRequest(request)).toEqual({ request: { ...request, window: undefined, alpha: undefined } });
  });

  it.each([
    [{ agentName: 1 }, "agentName must be a string, got a number"],
    [{ metricName: undefined }, "metricName must be a string, got undefined"],
    [{ window: "3" }, "window must be a number, got text of 1"],
    [{ alpha: null }, "alpha must be a number, got null"],
  ])("is none with %j", (wrong, reason) => {
    expect(readRequest({ ...request, ...wrong } as unknown as ReadRequest)).toEqual({
      reason: expect.stringContaining(reason),
    });
  });

  it("is none if it throws when it is read, or is nothing", () => {
    const throwing = {
      get agentName(): string {
        throw new RangeError("secret");
      },
    };
    expect(readRequest(throwing as ReadRequest)).toEqual({ reason: "it can't be read: RangeError" });
    expect(readRequest(undefined as unknown as ReadRequest)).toEqual({
      reason: "it can't be read: TypeError",
    });
  });
});

it("a number is finite", () => {
  expect([0, -1.5, Number.NaN, Number.POSITIVE_INFINITY, "1", 1n, null].map(isNumber)).toEqual([
    ...[true, true],
    ...[false, false, false, false, false],
  ]);
});
