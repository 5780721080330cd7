import { expect, it } from "vitest";
import { FORECAST_KEYS, readFilter } from "../../src/api/read-filter.ts";

const long = "x".repeat(200);

it("copies the fields that a filter may have", () => {
  const given = { agentName: "a", horizonSeconds: 60, metricName: undefined };
  expect(readFilter(given, FORECAST_KEYS)).toEqual({ agentName: "a", horizonSeconds: 60 });
});

it.each([
  ["no object", long, "expected an object with any of agentName, metricName, horizonSeconds, got "],
  ["a list", [long], "expected an object with any of agentName, metricName, horizonSeconds, got "],
  ["another field", { [long]: 1 }, "expected only agentName, metricName, horizonSeconds in a filter, got "],
  ["another type", { horizonSeconds: long }, "horizonSeconds must be a number, got "],
])("names what is wrong, cut to 60 characters: %s", (_, given, message) => {
  const error = (() => {
    try {
      return readFilter(given as object, FORECAST_KEYS);
    } catch (thrown) {
      return thrown;
    }
  })() as Error;
  expect(error).toBeInstanceOf(TypeError);
  const [, got = ""] = error.message.split(message);
  expect(got).toBe(`${got.slice(0, 60)}…`);
});
