import { expect, it } from "vitest";
import { scriptOfPm2, takeVariablesOfPm2 } from "../../src/system/pm2.ts";

const container = "/srv/node_modules/pm2/lib/ProcessContainer.js";
const agent = "/srv/agent.js";

it("finds the variables of the application before PM2's container has set them", () => {
  const ofApplication = {
    OTEL_SERVICE_NAME: "shop",
    OTEL_EXPORTER_PROMETHEUS_PORT: 9470,
    pm_id: 0,
    exec_mode: "x",
  };
  const environment = { OTEL_SERVICE_NAME: "of the daemon", pm2_env: JSON.stringify(ofApplication) };
  takeVariablesOfPm2(environment, container);
  expect(environment).toEqual({
    OTEL_SERVICE_NAME: "shop",
    OTEL_EXPORTER_PROMETHEUS_PORT: "9470",
    pm_id: "0",
    pm2_env: environment.pm2_env,
  });
});

it("leaves the variables of every other process alone", () => {
  const environment = { pm2_env: '{"OTEL_SERVICE_NAME":"shop"}' };
  takeVariablesOfPm2(environment, agent);
  expect(environment).toEqual({ pm2_env: '{"OTEL_SERVICE_NAME":"shop"}' });
});

it.each([
  [container, agent],
  ["C:\\srv\\node_modules\\pm2\\lib\\ProcessContainerFork.js", agent],
  [agent, agent],
  ["/srv/mcp-server.js", undefined],
  [undefined, undefined],
])("takes %s under PM2 for %s", (script, expected) => {
  expect(scriptOfPm2({ pm_id: "0", pm_exec_path: agent }, script)).toBe(expected);
});

it("knows no script without PM2", () => {
  expect(scriptOfPm2({}, agent)).toBeUndefined();
});
