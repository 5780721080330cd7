import { existsSync, rmSync, statSync } from "node:fs";
import { connect } from "node:net";
import { dirname } from "node:path";
import { DiagLogLevel, diag } from "@opentelemetry/api";
import { expect, it, onTestFinished, vi } from "vitest";
import { listenToChildren, parentOf } from "../../src/processes/child-processes.ts";
import { ReportConnection } from "../../src/processes/report-connection.ts";
import { ReportedAgents } from "../../src/processes/reported-agents.ts";
import { eventually } from "../eventually.ts";

async function setUp() {
  const members = new ReportedAgents({
    now: () => 0,
    elapsedMillis: () => 0,
    expiryMillis: 1000,
    ownNames: () => [],
  });
  const environment: NodeJS.ProcessEnv = {};
  const stop = listenToChildren(members, { port: 9464, name: "shop" }, environment);
  onTestFinished(stop);
  // It listens from the next turn on.
  await new Promise((turn) => setImmediate(turn));
  const path = parentOf(environment)?.path as string;
  const shown = async () => (await members.collect()).resourceMetrics.scopeMetrics.length;
  return { environment, stop, path, shown };
}

const metric = { name: "x", unit: "", description: "", scope: "s", type: "gauge" as const };
const report = { self: "shop/a", series: [{ metric, labels: { agent: "shop/a" }, value: 1 }] };

it("gives children the socket, in a folder that only the user may enter", async () => {
  const { environment, path, stop } = await setUp();
  expect(parentOf(environment)).toEqual({ path, port: 9464, name: "shop" });
  if (process.platform !== "win32") expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
  stop();
  expect(environment).toEqual({});
  expect(existsSync(dirname(path))).toBe(false);
});

it("shows a child as long as its connection is open", async () => {
  const { path, shown } = await setUp();
  const line = new ReportConnection(path, () => {});
  expect(await line.connect()).toBe(true);
  line.send(report);
  await eventually(async () => expect(await shown()).toBe(1));
  await line.close();
  await eventually(async () => expect(await shown()).toBe(0));
});

it("shows a child whose report arrives in many parts", async () => {
  const { path, shown } = await setUp();
  let isLost = false;
  const line = new ReportConnection(path, () => {
    isLost = true;
  });
  await line.connect();
  const labels = (id: number) => ({ agent: "shop/a", id: `${id}`.padStart(200, "x") });
  line.send({
    ...report,
    series: Array.from({ length: 2000 }, (_, id) => ({ metric, labels: labels(id), value: 1 })),
  });
  await eventually(async () => expect(isLost || (await shown()) === 1).toBe(true));
  expect(isLost).toBe(false);
  await line.close();
});

it("closes the connection at a message that is no report", async () => {
  const { path, shown } = await setUp();
  const socket = connect(path);
  const closed = new Promise((done) => socket.once("close", done));
  socket.write(`{"self":1}\n`);
  await closed;
  expect(await shown()).toBe(0);
});

it("reports that there is no parent", async () => {
  const { path, stop } = await setUp();
  stop();
  expect(await new ReportConnection(path, () => {}).connect()).toBe(false);
});

it.for([undefined, "", "nonsense", '{"path":1}'])("finds no parent in %s", (value) => {
  expect(parentOf(value === undefined ? {} : { OTEL_FORECAST_PARENT: value })).toBeUndefined();
});

it("leaves to the process what it inherited itself, when it stops or ends", () => {
  for (const ends of [(stop: () => void) => stop(), () => process.emit("exit", 0)]) {
    const environment: NodeJS.ProcessEnv = { OTEL_FORECAST_PARENT: "inherited" };
    const others = process.listenerCount("exit");
    const receiver = { take: () => true, remove: () => {} };
    const stop = listenToChildren(receiver, { port: 1, name: "a", agent: "b" }, environment);
    onTestFinished(stop);
    const { path = "", ...self } = parentOf(environment) ?? {};
    expect(self).toEqual({ port: 1, name: "a", agent: "b" });
    ends(stop);
    expect(environment).toEqual({ OTEL_FORECAST_PARENT: "inherited" });
    if (process.platform !== "win32") expect(existsSync(dirname(path))).toBe(false);
    stop();
    expect(process.listenerCount("exit")).toBe(others);
  }
});

it("does not listen if it is stopped before the next turn", async () => {
  const environment: NodeJS.ProcessEnv = {};
  const receiver = { take: () => true, remove: () => {} };
  const stop = listenToChildren(receiver, { port: 1, name: "a" }, environment);
  const { path = "" } = parentOf(environment) ?? {};
  stop();
  await new Promise((turn) => setImmediate(turn));
  expect(await new ReportConnection(path, () => {}).connect()).toBe(false);
});

it.skipIf(process.platform === "win32")(
  "logs why children can't report, and lets them look for nobody",
  async () => {
    const warn = vi.fn();
    diag.setLogger({ warn } as never, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
    onTestFinished(() => diag.disable());
    const environment: NodeJS.ProcessEnv = {};
    const receiver = { take: () => true, remove: () => {} };
    const stop = listenToChildren(receiver, { port: 1, name: "a" }, environment);
    onTestFinished(stop);
    rmSync(dirname(parentOf(environment)?.path ?? ""), { recursive: true });
    await eventually(() => expect(environment).toEqual({}));
    expect(warn.mock.calls).toEqual([
      [expect.stringMatching(/^otel-forecast: child processes can't report to this process: listen /)],
    ]);
  },
);
