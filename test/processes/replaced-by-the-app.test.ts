import { createServer } from "node:net";
import { DiagLogLevel, diag } from "@opentelemetry/api";
import { beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { removeAbandonedSockets } from "../../src/processes/abandoned-sockets.ts";
import { listenToChildren, parentOf } from "../../src/processes/child-processes.ts";
import { Reporter } from "../../src/processes/reporter.ts";
import { eventually } from "../eventually.ts";

// What an app, or its tests, may replace by something that throws. Vitest fails if such an error reaches nobody.
vi.mock("node:net", async (original) => {
  const net = await original<typeof import("node:net")>();
  return { ...net, createServer: vi.fn(net.createServer) };
});
vi.mock("node:timers/promises", async (original) => {
  const waits = await original<typeof import("node:timers/promises")>();
  return { ...waits, setTimeout: vi.fn() };
});
vi.mock("../../src/processes/abandoned-sockets.ts", () => ({ removeAbandonedSockets: vi.fn() }));

const warn = vi.fn();
beforeEach(() => {
  warn.mockClear();
  diag.setLogger({ warn } as never, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  onTestFinished(() => diag.disable());
});

function listening(): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {};
  const receiver = { take: () => true, remove: () => {} };
  onTestFinished(listenToChildren(receiver, { port: 1, name: "a" }, environment));
  return environment;
}

it("logs that children can't report where no server can be made", async () => {
  vi.mocked(createServer).mockImplementationOnce(() => {
    throw new Error("no servers in tests");
  });
  const environment = listening();
  await eventually(() => expect(environment).toEqual({}));
  expect(warn.mock.calls).toEqual([
    ["otel-forecast: child processes can't report to this process: no servers in tests"],
  ]);
});

it("listens to children although what others left can't be looked at", async () => {
  const remove = vi.mocked(removeAbandonedSockets).mockImplementationOnce(() => {
    throw new Error("no files in tests");
  });
  const environment = listening();
  await eventually(() => expect(remove).toHaveBeenCalled());
  await new Promise((turn) => setImmediate(turn));
  expect(parentOf(environment)).toBeDefined();
});

it("goes on to report after a report that could not be made, and says so once", async () => {
  const sent: unknown[] = [];
  const collect = vi.fn(async () => {
    throw new TypeError("a secret");
  });
  const reporter = new Reporter({
    self: "shop",
    producers: [{ collect }],
    everyMillis: 5,
    sink: {
      send(report) {
        sent.push(report);
        return true;
      },
    },
  });
  onTestFinished(() => reporter.stop());
  await reporter.start();
  await eventually(() => expect(collect.mock.calls.length).toBeGreaterThan(3));
  await reporter.reportLast();
  expect(sent).toEqual([]);
  expect(warn.mock.calls).toEqual([
    ["otel-forecast: a report to the process that shows this one failed: TypeError"],
  ]);
});
