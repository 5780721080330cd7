import { clearInterval, setInterval } from "node:timers";
import { VercelAiObserver } from "../observe/ai-sdk/ai-sdk.ts";
import { LangChainObserver } from "../observe/langchain/langchain.ts";
import { MastraObserver } from "../observe/mastra/mastra.ts";
import { McpObserver } from "../observe/mcp/mcp-observer.ts";
import { OpenAiAgentsObserver } from "../observe/openai-agents/openai-agents.ts";
import { FrameworkWork } from "../observe/work/framework-work.ts";
import type { Runtime } from "./runtime.ts";

/** How often it is looked whether an invocation was lost. */
const SWEEP_EVERY_MILLIS = 60_000;

/** What observes each, by the name that switches it off. */
const OBSERVERS = {
  "ai-sdk": (work: FrameworkWork) => new VercelAiObserver(work),
  "openai-agents": (work: FrameworkWork) => new OpenAiAgentsObserver(work),
  langchain: (work: FrameworkWork) => new LangChainObserver(work),
  mastra: (work: FrameworkWork) => new MastraObserver(work),
  mcp: (work: FrameworkWork, { pipeline, standardMetrics: metrics }: Runtime) =>
    new McpObserver({
      work,
      metrics,
      skips: pipeline.skips,
      elapsedMillis: () => pipeline.surroundings.elapsedMillis(),
    }),
} as const;

/** A runtime that observes frameworks. */
interface Observing {
  /** How often it was asked to. */
  users: number;
  stop(): void;
}

const observing = new WeakMap<Runtime, Observing>();

/**
 * Shows the agents of the frameworks that are known as agents of this runtime, from now on until the function that comes
 * back is called. No framework is loaded by it; one that is loaded later is observed as well. A runtime that is asked twice
 * observes once, until both have ended it.
 *
 * @param disabled names of frameworks that are left alone.
 */
export function observeFrameworks(runtime: Runtime, disabled: readonly string[] = []): () => void {
  const own = observing.get(runtime) ?? { users: 0, stop: begin(runtime, disabled) };
  observing.set(runtime, own);
  own.users += 1;
  let isOver = false;
  return () => {
    if (isOver) return;
    isOver = true;
    own.users -= 1;
    if (own.users > 0) return;
    observing.delete(runtime);
    own.stop();
  };
}

function begin(runtime: Runtime, disabled: readonly string[]): () => void {
  const { pipeline, workLog, frameworkReports } = runtime;
  const { now, elapsedMillis } = pipeline.surroundings;
  const work = new FrameworkWork({
    log: workLog,
    frameworkReports,
    skips: pipeline.skips,
    defaultAgentName: pipeline.instruments.defaultAgent,
    now,
    elapsedMillis,
  });
  const observers = Object.entries(OBSERVERS)
    .filter(([name]) => !disabled.includes(name))
    .map(([, observerOf]) => observerOf(work, runtime));
  for (const observer of observers) observer.start();
  const sweeping = setInterval(() => work.sweep(), SWEEP_EVERY_MILLIS).unref();
  return () => {
    clearInterval(sweeping);
    for (const observer of observers) observer.stop();
    work.stop();
  };
}
