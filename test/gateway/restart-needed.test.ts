import { expect, it } from "vitest";
import { readConfigured } from "../../src/gateway/read-configured.ts";
import { restartNeeded, withFixed } from "../../src/gateway/restart-needed.ts";

const CHANGES = {
  interval: "interval: 1m",
  receivers: 'receivers: { otlp: { http: "127.0.0.1:4318" } }',
  "outputs.prometheus": 'outputs: { prometheus: { address: "127.0.0.1:1234" } }',
  members: "members: { count: 2, number: 1 }",
  state: "state: { directory: /var/lib/gateway, interval: 1m }",
  limits: "limits: { streams: 7 }",
  tenants: "tenants: { header: x-tenant }",
  web: "web: web.yml",
};

function configured(...lines: readonly string[]) {
  const warn = (message: string): void => {
    throw new Error(message);
  };
  const content = ["method: naive", ...lines].join("\n");
  return readConfigured("gateway.yaml", { environment: {}, readFile: () => content, warn });
}

it.for(Object.entries(CHANGES))("%s waits for the next start: the value in use stays", ([key, line]) => {
  const [before, after] = [configured(), configured(line)];
  expect(restartNeeded(before, after)).toEqual([key]);
  expect(restartNeeded(before, withFixed(before, after))).toEqual([]);
});

it("all that waits for the next start is named in the order of the documentation", () => {
  expect(restartNeeded(configured(), configured(...Object.values(CHANGES)))).toEqual(Object.keys(CHANGES));
});

it("what a running gateway can follow waits for nothing", () => {
  const after = configured("horizons: [1m]", "outputs: { remoteRead: {} }");
  const next = withFixed(configured(), after);
  expect(restartNeeded(configured(), after)).toEqual([]);
  expect(next.settings.outputs.remoteRead).toBe(true);
  expect(next.options.horizons).toEqual(after.options.horizons);
});

it("options that follow from what waits stay too", () => {
  const before = configured();
  const after = configured("interval: 1m", "limits: { series: 7 }", CHANGES.state, CHANGES.web);
  const { options } = withFixed(before, after);
  const { collectionIntervalMillis, maxSeries, history, webConfigFile } = before.options;
  expect(options).toMatchObject({ collectionIntervalMillis, maxSeries, history, webConfigFile });
  expect(after.options).toMatchObject({ collectionIntervalMillis: 60_000, maxSeries: 7, history: "state" });
});
