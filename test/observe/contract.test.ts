import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { diag } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WorkBench } from "./bench-of-work.ts";
import { a2a } from "./contract/a2a.ts";
import { acp } from "./contract/acp.ts";
import { aiSdk } from "./contract/ai-sdk.ts";
import { claudeAgentSdk } from "./contract/claude-agent-sdk.ts";
import { genkit } from "./contract/genkit.ts";
import { langGraph } from "./contract/langgraph.ts";
import { mastra } from "./contract/mastra.ts";
import { mcp } from "./contract/mcp.ts";
import { openAiAgents } from "./contract/openai-agents.ts";
import { openAiRealtime } from "./contract/openai-realtime.ts";
import { piAgentCore } from "./contract/pi-agent-core.ts";
import type { Case, Framework } from "./contract/script.ts";
import { toolLoop } from "./contract/tool-loop.ts";
import { workflowAgent } from "./contract/workflow-agent.ts";

const FRAMEWORKS: readonly Framework[] = [
  aiSdk,
  workflowAgent,
  openAiAgents,
  openAiRealtime,
  langGraph,
  claudeAgentSdk(),
  piAgentCore,
  mastra,
  genkit,
  toolLoop,
  ...mcp,
  acp,
  a2a,
];

const found = async () => "found";
const failing = async () => {
  throw new RangeError("not now");
};

interface Contract {
  readonly framework: Framework;
  readonly bench: WorkBench;
  readonly observer: { stop(): void };
}

const ended = (completedTasks: number, failedTasks = 0, cancelledTasks = 0) => ({
  completedTasks,
  failedTasks,
  cancelledTasks,
  activeTasks: 0,
});

const CASES: Readonly<Record<Case, (contract: Contract) => Promise<void>>> = {
  success: async ({ framework, bench }) => {
    await framework.run({ agent: "planner", tools: [found] });
    await bench.settled("planner");
    expect(bench.of("planner")).toMatchObject({ ...ended(1), successRate: 1, openFailures: [] });
  },
  "tool failure and recovery": async ({ framework, bench }) => {
    await framework.run({ agent: "planner", tools: [failing, found] });
    await bench.settled("planner");
    expect(bench.of("planner")).toMatchObject({ ...ended(1), recoveredFailures: 1, openFailures: [] });
    expect(bench.of("planner").successRate).toBeLessThan(1);
  },
  "provider error": async ({ framework, bench }) => {
    await framework.run({ agent: "planner", tools: [found], failure: new RangeError("no") }).catch(() => {});
    await bench.settled("planner");
    expect(bench.of("planner")).toMatchObject(ended(0, 1));
  },
  abort: async ({ framework, bench }) => {
    const controller = new AbortController();
    const abort = async () => {
      controller.abort();
      return "found";
    };
    await framework.run({ agent: "planner", tools: [abort], signal: controller.signal }).catch(() => {});
    await bench.settled("planner");
    expect(bench.of("planner")).toMatchObject(ended(0, 0, 1));
  },
  stream: async ({ framework, bench }) => {
    await framework.run({ agent: "planner", tools: [found], isStream: true });
    await bench.settled("planner");
    expect(bench.of("planner")).toMatchObject(ended(1));
  },
  "two agents": async ({ framework, bench }) => {
    for (const agent of ["planner", "writer"]) await framework.run({ agent, tools: [found] });
    for (const agent of ["planner", "writer"]) await bench.settled(agent);
    expect(bench.of("planner")).toMatchObject(ended(1));
    expect(bench.of("writer")).toMatchObject(ended(1));
  },
  "two at once": async ({ framework, bench }) => {
    const { promise: met, resolve: meet } = Promise.withResolvers<void>();
    const waiting = framework.run({ agent: "planner", tools: [() => met] });
    const meeting = async () => {
      await vi.waitFor(() => expect(bench.of("planner").activeTasks).toBe(1));
      meet();
    };
    await framework.run({ agent: "writer", tools: [meeting] });
    await waiting;
    for (const agent of ["planner", "writer"]) await bench.settled(agent);
    expect(bench.of("planner")).toMatchObject({ ...ended(1), successRate: 1 });
    expect(bench.of("writer")).toMatchObject({ ...ended(1), successRate: 1 });
    expect(bench.of("writer").resourceConsumption).toEqual(bench.of("planner").resourceConsumption);
  },
  "unknown version": async ({ framework, bench, observer }) => {
    observer.stop();
    const info = vi.spyOn(diag, "info");
    framework.meetUnknownVersion(bench);
    const lines = info.mock.calls.map(([line]) => line);
    info.mockRestore();
    expect(lines).toEqual([expect.stringMatching(/version.* is not known, .* not observed$/)]);
    expect(bench.agentNames).toEqual([]);
  },
  "loaded twice": async ({ framework, bench }) => {
    await framework.run({ agent: "planner", tools: [found] });
    await framework.runOtherCopy?.({ agent: "planner", tools: [found] });
    await bench.settled("planner");
    expect(bench.of("planner")).toMatchObject(ended(2));
  },
  bundled: async ({ framework, bench, observer }) => {
    observer.stop();
    const bundled = framework.observeBundled?.(bench);
    await framework.run({ agent: "planner", tools: [found] });
    await bench.settled("planner");
    bundled?.stop();
    expect(bench.of("planner")).toMatchObject(ended(1));
  },
  stopped: async ({ framework, bench, observer }) => {
    observer.stop();
    await framework.run({ agent: "planner", tools: [found] });
    expect(bench.agentNames).toEqual([]);
  },
};

/** Why a framework cannot have a case. */
function reasonAgainst(name: Case, { cannot, observeBundled }: Framework): string | undefined {
  if (name === "bundled" && observeBundled === undefined) return "no class of it is passed to observeClass";
  return cannot?.[name];
}

describe.each(FRAMEWORKS)("the contract of frameworks: $title", (framework) => {
  let bench: WorkBench;
  let observer: { stop(): void };

  beforeEach(() => {
    bench = new WorkBench();
    observer = framework.observe(bench);
  });
  afterEach(() => observer.stop());

  for (const [name, keep] of Object.entries(CASES)) {
    const reason = reasonAgainst(name as Case, framework);
    it.skipIf(reason !== undefined)(reason === undefined ? name : `${name}: ${reason}`, () =>
      keep({ framework, bench, observer }),
    );
  }
});

it("without any framework, nothing is loaded, said or recorded", () => {
  const { href: source } = new URL("../../src/", import.meta.url);
  const app = `
    const { Runtime } = await import("${source}run/runtime.ts");
    const { observeFrameworks } = await import("${source}run/observe-frameworks.ts");
    const runtime = new Runtime();
    const stop = observeFrameworks(runtime);
    stop();
    console.log(JSON.stringify(runtime.pipeline.instruments.book.agentNames));
  `;
  const args = ["--input-type=module", "--eval", app];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: tmpdir(), encoding: "utf8" });
  expect({ stdout, stderr, status }).toEqual({ stdout: "[]\n", stderr: "", status: 0 });
});
