import { describe, expect, it } from "vitest";
import { resolveOptions } from "../../src/config/resolve-options.ts";
import { settings } from "../../src/config/settings.ts";
import { HANDED_ON } from "../../src/core/handed-on.ts";

function warnings(environment: Record<string, string>): string[] {
  const lines: string[] = [];
  resolveOptions({}, { environment, readFile: () => "", warn: (line) => lines.push(line) });
  return lines;
}

describe("a variable that nothing reads", () => {
  it.each([
    ["OTEL_FORECAST_WINDOWS", "OTEL_FORECAST_WINDOW"],
    ["OTEL_FORECAST_HORIZON", "OTEL_FORECAST_HORIZONS"],
    ["OTEL_FORECAST_CONFIG", "OTEL_FORECAST_CONFIG_FILE"],
    ["OTEL_FORECAST_COLLECTION_INTERVAL_MILLIS", "OTEL_FORECAST_COLLECTION_INTERVAL"],
  ])("%s is reported, with %s as what was meant", (name, meant) => {
    const [line, ...others] = warnings({ [name]: "5" });
    expect(line).toContain(`${name} is not a variable of otel-forecast; did you mean`);
    expect(line).toContain(meant);
    expect(others).toEqual([]);
  });

  it("is reported too if it is like none", () => {
    expect(warnings({ OTEL_FORECAST_PORT: "9091" })).toHaveLength(1);
  });

  it("is not reported if it is empty, of somebody else, or handed on by a parent", () => {
    expect(warnings({ OTEL_FORECAST_WINDOWS: " ", OTEL_FORECASTS: "x", MY_OTEL_FORECAST_X: "y" })).toEqual(
      [],
    );
    expect(warnings(Object.fromEntries(Object.values(HANDED_ON).map((name) => [name, "[]"])))).toEqual([]);
  });

  it("is not reported if Kubernetes sets it, for a service that is named otel-forecast", () => {
    expect(
      warnings({
        OTEL_FORECAST_SERVICE_HOST: "10.0.0.1",
        OTEL_FORECAST_SERVICE_PORT: "9464",
        OTEL_FORECAST_SERVICE_PORT_WEB: "9464",
        OTEL_FORECAST_PORT: "tcp://10.0.0.1:9464",
        OTEL_FORECAST_PORT_9464_TCP: "tcp://10.0.0.1:9464",
        OTEL_FORECAST_PORT_9464_TCP_PROTO: "tcp",
        OTEL_FORECAST_GATEWAY_SERVICE_HOST: "10.0.0.2",
        OTEL_FORECAST_GATEWAY_PORT_4317_TCP_ADDR: "10.0.0.2",
      }),
    ).toEqual([]);
  });

  it("is none of those that are read", () => {
    for (const { variable } of Object.values(settings))
      expect(warnings({ [variable]: "?" }).join()).not.toContain("is not a variable");
  });
});
