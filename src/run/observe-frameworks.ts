import { clearInterval, setInterval } from "node:timers";
import { kindOfError } from "../core/error-type.ts";
import { log } from "../logging/component-logger.ts";
import { A2aObserver } from "../observe/a2a/a2a.ts";
import { AcpObserver } from "../observe/acp/acp.ts";
import { VercelAiObserver } from "../observe/ai-sdk/ai-sdk.ts";
import { WorkflowAgentObserver } from "../observe/ai-sdk/workflow-agent.ts";
import { ClaudeAgentSdkObserver } from "../observe/claude-agent-sdk/claude-agent-sdk.ts";
import { LangChainObserver } from "../observe/langchain/langchain.ts";
import { MastraObserver } from "../observe/mastra/mastra.ts";
import { McpObserver } from "../observe/mcp/mcp-observer.ts";
import { OpenAiAgentsObserver } from "../observe/openai-agents/openai-agents.ts";
import { OpenAiRealtimeObserver } from "../observe/openai-realtime/openai-realtime.ts";
import { PiAgentObserver } from "../observe/pi-agent-core/pi-agent-core.ts";
import { ProviderSdkObserver } from "../observe/provider-sdks/provider-sdks.ts";
import { ANTHROPIC, GOOGLE, OPENAI } from "../observe/provider-sdks/sdk.ts";
import { ToolLoopObserver } from "../observe/provider-sdks/tool-loop.ts";
import { FrameworkWork } from "../observe/work/framework-work.ts";
import type { Runtime } from "./runtime.ts";

/** How often lost invocations are searched for. */
const SWEEP_EVERY_MILLIS = 60_000;

/** The observer of each framework, by the name that disables it. */
const OBSERVERS = {
  "ai-sdk": (work: FrameworkWork) => together(new VercelAiObserver(work), new WorkflowAgentObserver(work)),
  "openai-agents": (work: FrameworkWork) =>
    together(new OpenAiAgentsObserver(work), new OpenAiRealtimeObserver(work)),
  "claude-agent-sdk": (work: FrameworkWork) => new ClaudeAgentSdkObserver(work),
  langchain: (work: FrameworkWork) => new LangChainObserver(work),
  mastra: (work: FrameworkWork) => new MastraObserver(work),
  "pi-agent-core": (work: FrameworkWork) => new PiAgentObserver(work),
  a2a: (work: FrameworkWork) => new A2aObserver(work),
  acp: (work: FrameworkWork) => new AcpObserver(work),
  mcp: (work: FrameworkWork, { pipeline, standardMetrics: metrics }: Runtime) =>
    new McpObserver({
      work,
      metrics,
      skips: pipeline.skips,
      elapsedMillis: () => pipeline.surroundings.elapsedMillis(),
    }),
  openai: (work: FrameworkWork) =>
    together(new ProviderSdkObserver(work, OPENAI), new ToolLoopObserver(work)),
  anthropic: (work: FrameworkWork) => new ProviderSdkObserver(work, ANTHROPIC),
  "google-genai": (work: FrameworkWork) => new ProviderSdkObserver(work, GOOGLE),
} as const;

/** The names that switch the observation of a framework off. */
export const FRAMEWORK_NAMES: readonly string[] = Object.keys(OBSERVERS);

/** The observation of one runtime. */
interface Observation {
  /** How many callers have started it and not stopped it. */
  users: number;
  stop(): void;
}

const observations = new WeakMap<Runtime, Observation>();

/**
 * Observes the agents of supported frameworks for a runtime. It loads no framework itself;
 * frameworks that are loaded later are observed too. Several callers share one observation, which
 * ends when all have stopped it.
 *
 * @param disabled names of frameworks that are not observed.
 * @returns a function that stops the observation.
 */
export function observeFrameworks(runtime: Runtime, disabled: readonly string[] = []): () => void {
  const observation = observations.get(runtime) ?? { users: 0, stop: startObservers(runtime, disabled) };
  observations.set(runtime, observation);
  observation.users += 1;
  let isStopped = false;
  return () => {
    if (isStopped) return;
    isStopped = true;
    observation.users -= 1;
    if (observation.users > 0) return;
    observations.delete(runtime);
    observation.stop();
  };
}

function startObservers(runtime: Runtime, disabled: readonly string[]): () => void {
  const { pipeline, workLog, frameworkReports } = runtime;
  const { elapsedMillis } = pipeline.surroundings;
  const work = new FrameworkWork({
    log: workLog,
    frameworkReports,
    skips: pipeline.skips,
    defaultAgentName: pipeline.instruments.defaultAgent,
    elapsedMillis,
  });
  const observers = Object.entries(OBSERVERS)
    .filter(([name]) => !disabled.includes(name))
    .map(([, observerOf]) => observerOf(work, runtime));
  for (const observer of observers) safely(() => observer.start());
  const sweeping = setInterval(() => safely(() => work.sweep()), SWEEP_EVERY_MILLIS).unref();
  return () => {
    clearInterval(sweeping);
    for (const observer of observers) safely(() => observer.stop());
    work.stop();
  };
}

/** An application may have frozen what one framework is observed by. The others are observed. */
function safely(change: () => void): void {
  try {
    change();
  } catch (error) {
    log.warn(`a framework is not observed: ${kindOfError(error)}`);
    log.debug("a framework is not observed", error);
  }
}

interface Observer {
  start(): void;
  stop(): void;
}

function together(...observers: readonly Observer[]): Observer {
  return {
    start: () => {
      for (const observer of observers) observer.start();
    },
    stop: () => {
      for (const observer of observers) observer.stop();
    },
  };
}
