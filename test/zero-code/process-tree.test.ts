import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { parentOf } from "../../src/processes/child-processes.ts";
import { createRuntime } from "../../src/zero-code/process-tree.ts";
import { freePort } from "../e2e/harness/free-ports.ts";
import { eventually, until } from "../eventually.ts";

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
  const parent = { path: "/nowhere/socket", port: 9464, name: "truck-service", agent: "boss" };
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
  [{ OTEL_FORECAST_AGENT: "boss" }, "truck-service/mcp-server"],
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
  expect(await placed.settle()).toBe(true);
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

it("a process shows its child while they are connected, and the child shows nothing itself", async () => {
  const port = await freePort();
  vi.stubEnv("OTEL_EXPORTER_PROMETHEUS_HOST", "127.0.0.1");
  vi.stubEnv("OTEL_EXPORTER_PROMETHEUS_PORT", String(port));
  vi.stubEnv("OTEL_FORECAST_COLLECTION_INTERVAL", "1000");
  const shownAgents = async (): Promise<Set<unknown>> => {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    return new Set(Array.from(text.matchAll(/^ai_cloud_memory\w+{agent="([^"]+)"/gm), ([, agent]) => agent));
  };
  const environment = { ...process.env };
  const parent = createRuntime(environment);
  await parent.runtime.start();
  await until(() => existsSync(parentOf(environment)?.path ?? ""));
  vi.stubEnv("OTEL_FORECAST_PARENT", environment.OTEL_FORECAST_PARENT);
  const child = createRuntime({ ...process.env });
  await child.runtime.start({ mayListen: () => child.settle() });
  expect([parent.isMember, child.isMember]).toEqual([false, true]);
  await eventually(async () =>
    expect(await shownAgents()).toEqual(new Set(["truck-service", "truck-service/mcp-server"])),
  );
  const needed = () => [parent, child].map(({ needsLastReport }) => needsLastReport);
  expect(needed()).toEqual([false, false]);
  const usage = { input: 1, output: 1, cachedInput: 0 };
  child.runtime.pipeline.instruments.consumption.tokensUsed("planner", usage, "m");
  expect(needed()).toEqual([false, true]);
  await child.leave();
  await eventually(async () => expect(await shownAgents()).toEqual(new Set(["truck-service"])));
  await child.runtime.shutdown();
  await parent.leave();
  await parent.runtime.shutdown();
});

it.skipIf(process.platform === "win32").each([
  ["ends", (socket: Socket) => socket.destroy()],
  ["closes the connection", (socket: Socket) => socket.end()],
])("a child whose parent %s opens its own endpoint, and is no member any more", async (_, lose) => {
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-tree-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "socket");
  const connected: Socket[] = [];
  const parent = createServer((socket) => void connected.push(socket.resume())).listen(path);
  onTestFinished(() => void parent.close());
  const port = await freePort();
  vi.stubEnv("OTEL_EXPORTER_PROMETHEUS_PORT", String(port));
  vi.stubEnv("OTEL_FORECAST_PARENT", JSON.stringify({ path, port, name: "truck-service" }));
  const child = createRuntime({ ...process.env });
  await child.runtime.start({ mayListen: () => child.settle() });
  await until(() => child.isMember && connected.length > 0);
  expect(child.runtime.exporters.endpoint?.isListening).toBe(false);
  for (const socket of connected) lose(socket);
  await until(() => child.runtime.exporters.endpoint?.isListening === true);
  expect(child.isMember).toBe(false);
  expect(connected).toHaveLength(1);
  await child.leave();
  await child.runtime.shutdown();
});

it("a child whose parent is gone before it starts listens itself", async () => {
  const gone = { path: "/nowhere/socket", port: 9464, name: "truck-service" };
  vi.stubEnv("OTEL_FORECAST_PARENT", JSON.stringify(gone));
  const child = createRuntime({ ...process.env });
  expect(await child.settle()).toBe(true);
  expect(child.isMember).toBe(false);
  await child.leave();
});

it.skipIf(process.platform === "win32")(
  "a child whose parent takes no reports for a while connects to it again, and opens no endpoint",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "otel-forecast-tree-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, "socket");
    let connections = 0;
    const parent = createServer({ pauseOnConnect: true }, () => {
      connections += 1;
    });
    await new Promise<void>((done) => parent.listen(path, done));
    const port = await freePort();
    vi.stubEnv("OTEL_EXPORTER_PROMETHEUS_PORT", String(port));
    vi.stubEnv("OTEL_FORECAST_PARENT", JSON.stringify({ path, port, name: "truck-service" }));
    const child = createRuntime({ ...process.env });
    const metric = { name: "x".repeat(4_000_000), unit: "", description: "", scope: "s", type: "gauge" };
    const series = [{ metric, labels: { agent: "a" }, value: 1 }];
    expect(child.runtime.processGroup.members.take("thread 1", { self: "a", series })).toBe(true);
    await child.runtime.start({ mayListen: () => child.settle() });
    await until(() => connections > 1);
    await until(() => child.isMember);
    expect(child.runtime.exporters.endpoint?.isListening).toBe(false);
    await child.leave();
    await child.runtime.shutdown();
    parent.close();
  },
);
