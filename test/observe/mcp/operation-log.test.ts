import { beforeEach, expect, it } from "vitest";
import { SkipLog } from "../../../src/logging/skip-log.ts";
import { OperationLog } from "../../../src/observe/mcp/operation-log.ts";
import type { McpOperation } from "../../../src/observe/work/standard-metrics.ts";

const HOUR = 3_600_000;
const link = { protocolVersion: "2025-11-25", transport: "pipe" } as const;
const ping = { side: "client", method: "ping", name: undefined } as const;

let now: number;
let told: (McpOperation & { seconds: number })[];
let tasks: string[];
let skips: SkipLog;
let log: OperationLog;

beforeEach(() => {
  now = 0;
  told = [];
  tasks = [];
  skips = new SkipLog();
  log = new OperationLog({
    work: {
      beginTask: (agent, kind) => {
        tasks.push(`${agent} begins ${kind}`);
        return (outcome, errorType = "") => tasks.push(`${agent} ends ${kind} ${outcome} ${errorType}`);
      },
      isToolOpen: () => false,
      logOnce: () => {},
    },
    metrics: {
      mcpOperation: (_side, seconds, operation) => told.push({ ...operation, seconds }),
      mcpSession: () => {},
    },
    skips,
    elapsedMillis: () => now,
  });
});

const begin = (operation: Parameters<OperationLog["begin"]>[0] = ping) =>
  log.begin(operation, undefined, () => link);

it("measures from start to end, and only the first end", () => {
  const call = { side: "server", method: "tools/call", name: "echo" } as const;
  const task = { agentName: "librarian" };
  const open = log.begin(call, task, () => link);
  now = 1500;
  open?.end({ outcome: "failure", errorType: "tool_error" });
  open?.end({ outcome: "success" });
  expect(told).toMatchObject([{ seconds: 1.5, toolName: "echo", errorType: "tool_error", ...link }]);
  expect(tasks).toEqual([
    "librarian begins execute_tool echo",
    "librarian ends execute_tool echo failure tool_error",
  ]);
});

it("follows at most 10,000 requests at once, and counts the others", () => {
  const open = Array.from({ length: 10_000 }, () => begin());
  expect(begin()).toBeUndefined();
  expect(begin()).toBeUndefined();
  expect(skips.counts.get("max_open_requests")).toBe(2);
  open[0]?.end({ outcome: "success" });
  expect(begin()).toBeDefined();
});

it("loses a request without an answer after an hour: it is not measured", () => {
  const forgotten: string[] = [];
  const open = begin();
  if (open !== undefined) open.onEnd = () => forgotten.push("forgotten");
  now = HOUR - 1;
  begin();
  expect(forgotten).toEqual([]);
  now = HOUR;
  begin();
  open?.end({ outcome: "success" });
  expect(forgotten).toEqual(["forgotten"]);
  expect(told).toEqual([]);
});

it("limits the number of task types that the other end can make up", () => {
  for (let index = 0; index < 150; index += 1) {
    const call = { side: "server", method: "tools/call", name: `tool ${index}` } as const;
    log.begin(call, { agentName: "librarian" }, () => link)?.end({ outcome: "lost" });
  }
  expect(new Set(tasks).size).toBe(2 * 101);
  expect(tasks.at(-1)).toBe("librarian ends execute_tool other lost ");
});

it("limits the number of all names", () => {
  for (let index = 0; index < 250; index += 1) {
    begin({ ...ping, method: `x/${index}` })?.end({ outcome: "failure", errorType: `E${index}` });
    begin({ ...ping, method: "tools/call", name: `tool ${index}` })?.end({ outcome: "success" });
    begin({ ...ping, method: "prompts/get", name: `prompt ${index}` })?.end({ outcome: "success" });
  }
  const names = (of: (it: McpOperation) => string | undefined) => new Set(told.map(of).filter(Boolean)).size;
  expect(names((it) => it.method)).toBe(201);
  expect(names((it) => it.toolName)).toBe(101);
  expect(names((it) => it.promptName)).toBe(201);
  expect(names((it) => it.errorType)).toBe(201);
  expect(skips.counts.get("max_names")).toBeGreaterThan(0);
});
