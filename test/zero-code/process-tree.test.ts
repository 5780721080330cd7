import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { parentOf } from "../../src/processes/child-processes.ts";
import { createRuntime } from "../../src/zero-code/process-tree.ts";

const { argv } = process;

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith("OTEL_")) vi.stubEnv(name, undefined);
  vi.stubEnv("OTEL_SERVICE_NAME", "truck-service");
  process.argv = ["node", "/srv/mcp-server.mjs"];
});
afterEach(() => {
  process.argv = argv;
  vi.unstubAllEnvs();
});

/** What a child is called whose parent listens on 9464. */
async function nameOf(child: Record<string, string>): Promise<string> {
  const parent = { path: "/nowhere/socket", port: 9464, name: "truck-service" };
  vi.stubEnv("OTEL_FORECAST_PARENT", JSON.stringify(parent));
  for (const [name, value] of Object.entries(child)) vi.stubEnv(name, value);
  const placed = createRuntime({ ...process.env });
  await placed.leave();
  return placed.runtime.pipeline.instruments.defaultAgent;
}

it.each([
  [{}, "truck-service/mcp-server"],
  [{ OTEL_EXPORTER_PROMETHEUS_PORT: "9464" }, "truck-service/mcp-server"],
  [{ OTEL_METRICS_EXPORTER: "otlp,prometheus" }, "truck-service/mcp-server"],
  [{ OTEL_FORECAST_AGENT: "courier" }, "courier"],
  [{ pm_exec_path: "/srv/mcp-server.mjs" }, "truck-service/mcp-server"],
  [{ pm_exec_path: "/srv/shop.mjs" }, "truck-service/mcp-server"],
])("a child with %o is shown by its parent, as %s", async (child, name) => {
  expect(await nameOf(child)).toBe(name);
});

it.each([
  [{ OTEL_EXPORTER_PROMETHEUS_PORT: "9465" }, "truck-service"],
  [{ OTEL_EXPORTER_PROMETHEUS_PORT: "0" }, "truck-service"],
  [{ OTEL_METRICS_EXPORTER: "otlp" }, "truck-service"],
  [{ OTEL_EXPORTER_PROMETHEUS_PORT: "9465", OTEL_FORECAST_AGENT: "courier" }, "courier"],
])("a child with %o has its own endpoint, and is called %s", async (child, name) => {
  expect(await nameOf(child)).toBe(name);
});

it("a child in a container of PM2 is called by its script", async () => {
  process.argv = ["node", "/srv/node_modules/pm2/lib/ProcessContainer.js"];
  expect(await nameOf({ pm_exec_path: "/srv/shop.mjs" })).toBe("truck-service/shop");
});

/** The port that a child finds its parent by, if this process has these variables. */
async function portForChildren(variables: Record<string, string>): Promise<number | undefined> {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  const environment = { ...process.env };
  const placed = createRuntime(environment);
  const found = parentOf(environment)?.port;
  await placed.leave();
  expect(parentOf(environment)).toBeUndefined();
  return found;
}

it.each([
  [{}, 9464],
  [{ OTEL_EXPORTER_PROMETHEUS_PORT: "9465" }, 9465],
  [{ OTEL_EXPORTER_PROMETHEUS_PORT: "0" }, undefined],
  [{ OTEL_METRICS_EXPORTER: "otlp" }, undefined],
])("a process with %o is found by its children by the port %s", async (variables, port) => {
  expect(await portForChildren(variables)).toBe(port);
});
