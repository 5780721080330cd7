import { expect, it } from "vitest";
import { FORECAST_KEYS, readFilter } from "../../src/api/read-filter.ts";

const secret = "s3cret";

it("copies the fields that a filter may have", () => {
  const given = { agentName: "a", horizonSeconds: 60, metricName: undefined };
  expect(readFilter(given, FORECAST_KEYS)).toEqual({ agentName: "a", horizonSeconds: 60 });
});

it.each([
  ["a text", secret, "expected an object with any of agentName, metricName, horizonSeconds, got text of 6"],
  ["a list", [secret], "expected an object with any of agentName, metricName, horizonSeconds, got object"],
  ["null", null, "expected an object with any of agentName, metricName, horizonSeconds, got null"],
  [
    "a field",
    { [secret]: 1 },
    "expected only agentName, metricName, horizonSeconds in a filter, got text of 6",
  ],
  ["a type", { horizonSeconds: secret }, "horizonSeconds must be a number, got text of 6"],
])("names what is wrong, without its text: %s", (_, given, message) => {
  expect(() => readFilter(given as object, FORECAST_KEYS)).toThrow(message);
  expect(() => readFilter(given as object, FORECAST_KEYS)).not.toThrow(secret);
  expect(() => readFilter(given as object, FORECAST_KEYS)).toThrow(TypeError);
});
