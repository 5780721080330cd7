import { setTimeout as delay } from "node:timers/promises";
import { HostMetricsInstrumentation } from "@opentelemetry/instrumentation-host-metrics";
import { RuntimeNodeInstrumentation } from "@opentelemetry/instrumentation-runtime-node";
import { Environment, variablesOfProcess } from "../config/environment.ts";
import { messageOf } from "../core/text-of.ts";
import { log } from "../logging/component-logger.ts";
import { logToStandardError } from "../logging/stderr-diag.ts";
import { RESOLUTION_MILLIS, withUsualDelays } from "../measure/instruments/event-loop-delay.ts";
import { observeNetwork } from "../measure/instruments/network-instruments.ts";
import { hasLoadHooks } from "../observe/work/source-ending.ts";
import { registeredGlobal } from "../otel/globals/global-api.ts";
import { ReplaceableGlobals } from "../otel/globals/replaceable-globals.ts";
import { PROCESS_SCOPE } from "../otel/scopes.ts";
import { observeFrameworks } from "../run/observe-frameworks.ts";
import type { Runtime } from "../run/runtime.ts";
import { readInterfaces } from "../system/network.ts";
import { watchAgentSpans } from "./agents-from-spans.ts";
import { startOtherSignals } from "./other-signals.ts";
import { flushAtProcessEnd } from "./process-end.ts";
import { createFamilyRuntime, type FamilyRuntime } from "./process-tree.ts";

/**
 * An application's own SDK and servers come up before ours collects and listens: a port that both want is the
 * application's, and its start is as quick as it was.
 */
const BEGIN_AFTER_MILLIS = 200;
/** How long a process that ends waits for the last push at most. */
const FLUSH_PATIENCE_MILLIS = 5000;

/** Without its network group, which starts a process at each collection. */
const HOST_GROUPS = ["system.cpu", "system.memory", "process.cpu", "process.memory"] as const;

/** By the name that switches each off. */
const INSTRUMENTATIONS = {
  "host-metrics": () => new HostMetricsInstrumentation({ metricGroups: [...HOST_GROUPS] }),
  "runtime-node": () => new RuntimeNodeInstrumentation({ monitoringPrecision: RESOLUTION_MILLIS }),
} as const;

/**
 * Starts everything from environment variables alone. Never throws: what goes wrong is said through `diag`, and the
 * application runs on.
 */
export function startZeroCode(): void {
  const environment = new Environment();
  if (environment.isDisabled) return;
  logToStandardError(environment.logLevel);
  try {
    const family = createFamilyRuntime(variablesOfProcess());
    const { runtime } = family;
    const disabled = environment.disabledInstrumentations;
    if (!hasLoadHooks()) sayWhatIsNotSeen();
    observe(runtime, disabled);
    const globals = new ReplaceableGlobals();
    const join = joinerFor(runtime);
    const isFirst = globals.register("metrics", {
      ours: runtime.exporters.guardedProvider,
      onReplaced: join,
      isRestored: true,
    });
    if (!isFirst) join(registeredGlobal("metrics"));
    const seesSpans = !disabled.includes("agent-spans");
    const tracing = seesSpans ? watchAgentSpans(globals, runtime) : undefined;
    const otherSignals = startOtherSignals(
      environment,
      globals,
      () => tracing ?? watchAgentSpans(globals, undefined),
      join,
    );
    void start(family);
    flushAtProcessEnd(
      async () => {
        await Promise.allSettled([runtime.shutdown(family.isMember()), otherSignals?.shutdown()]);
        await family.leave();
      },
      FLUSH_PATIENCE_MILLIS,
      () => runtime.isAwaitedAtEnd || family.isMember() || otherSignals !== undefined,
    );
  } catch (error) {
    log.error(`could not start, the application runs without it: ${messageOf(error)}`);
  }
}

/** Bun and Deno call themselves a Node, and are one but for this. */
function sayWhatIsNotSeen(): void {
  const { bun, deno } = process.versions;
  const [name, requests] =
    bun === undefined ? [`Deno ${deno}`, "requests to Deno.serve"] : [`Bun ${bun}`, "HTTP requests"];
  log.info(
    `under ${name}, LangGraph, Mastra and MCP are seen by observeClass() alone; ${requests} and garbage collections are not measured`,
  );
}

async function start({ runtime, settle }: FamilyRuntime): Promise<void> {
  let isToListen = false;
  await runtime.start({
    begins: delay(BEGIN_AFTER_MILLIS, undefined, { ref: false }),
    mayListen: async () => {
      isToListen = await settle();
      return isToListen;
    },
  });
  const { exporters, processGroup } = runtime;
  const { endpoint } = exporters;
  if (isToListen && endpoint !== undefined && !endpoint.isHeldUp && !processGroup.isMember)
    log.info(`metrics and forecasts at ${endpoint.url}/metrics`);
}

/** The global meter provider is ours until the application registers its own; then that one is joined. */
function joinerFor(runtime: Runtime): (theirs: unknown) => void {
  return (theirs) => {
    if (runtime.exporters.join(theirs)) log.info("joined the meter provider of the application");
  };
}

/** Before a provider is registered: an instrumentation that is made binds itself to the one that is global then. */
function observe(runtime: Runtime, disabled: readonly string[]): void {
  const { pipeline } = runtime;
  observeFrameworks(runtime, disabled);
  if (!disabled.includes("host-metrics"))
    observeNetwork(pipeline.instruments.provider.getMeter(PROCESS_SCOPE), () => readInterfaces("/"));
  for (const [name, instrumentationOf] of Object.entries(INSTRUMENTATIONS)) {
    if (disabled.includes(name)) continue;
    const instrumentation = instrumentationOf();
    instrumentation.setMeterProvider(withUsualDelays(pipeline.instruments.provider));
    instrumentation.enable();
  }
}
