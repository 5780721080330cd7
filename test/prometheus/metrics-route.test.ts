import { describe, expect, it } from "vitest";
import { acceptsGzip } from "../../src/prometheus/metrics-route.ts";

describe("acceptsGzip", () => {
  it.each([
    ["gzip", true],
    ["GZIP", true],
    ["deflate, gzip;q=0.5, br", true],
    ["x-gzip", true],
    ["*", true],
    ["*;q=0.1", true],
    ["gzip;q=0", false],
    ["gzip;q=0.000", false],
    ["gzip ; q=0, *", false],
    ["*;q=0", false],
    ["gzip;q=nonsense", false],
    ["identity", false],
    ["br, deflate", false],
    ["", false],
    [undefined, false],
  ])("of %j is %s", (header, expected) => {
    expect(acceptsGzip(header)).toBe(expected);
  });
});
