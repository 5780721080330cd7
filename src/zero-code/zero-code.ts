import { setTimeout as delay } from "node:timers/promises";
import type { MeterProvider } from "@opentelemetry/api";
import { RuntimeNodeInstrumentation } from "@opentelemetry/instrumentation-runtime-node";
import { Environment, variablesOfProcess } from "../config/environment.ts";
import { isSlipOf, nearestNames } from "../core/nearest-names.ts";
import { messageOf } from "../core/text-of.ts";
import { log } from "../logging/component-logger.ts";
import { logToStandardError } from "../logging/stderr-diag.ts";
import { RESOLUTION_MILLIS, withUsualDelays } from "../measure/instruments/event-loop-delay.ts";
import { observeHost } from "../measure/instruments/host-instruments.ts";
import { observeNetwork } from "../measure/instruments/network-instruments.ts";
import { hasLoadHooks } from "../observe/work/load-hooks.ts";
import { registeredGlobal } from "../otel/globals/global-api.ts";
import { ReplaceableGlobals } from "../otel/globals/replaceable-globals.ts";
import { HOST_SCOPE } from "../otel/scopes.ts";
import { ObservedTracing } from "../otel/tracing/observed-tracing.ts";
import { agentSpanProcessor } from "../run/agent-span-processor.ts";
import { FRAMEWORK_NAMES, observeFrameworks } from "../run/observe-frameworks.ts";
import type { Runtime } from "../run/runtime.ts";
import { readInterfaces } from "../system/network.ts";
import { THIS_MACHINE } from "../system/system-sampler.ts";
import { notObservedUnder } from "./not-observed.ts";
import { type OtherSignals, startOtherSignals } from "./other-signals.ts";
import { flushAtProcessEnd } from "./process-end.ts";
import { createRuntime, type PlacedRuntime } from "./process-tree.ts";

/**
 * Collecting and listening begin after this time. So the application's own SDK and servers start
 * first: a port that both want is the application's, and the application starts as fast as before.
 */
const BEGIN_AFTER_MILLIS = 200;
/** Maximum time that a process that ends waits for the last push. */
const FLUSH_TIMEOUT_MILLIS = 1900;

/** All versions of this package use it: do not rename it. */
const STARTED = Symbol.for("otel-forecast.zero-code");

/** What is measured of the host and of the runtime, by the names that switch it off. */
const MEASURED: Readonly<Record<string, (provider: MeterProvider) => void>> = {
  "host-metrics": (provider) => {
    const meter = provider.getMeter(HOST_SCOPE);
    observeHost(meter, THIS_MACHINE);
    observeNetwork(meter, () => readInterfaces("/"));
  },
  "runtime-node": (provider) => {
    const runtime = new RuntimeNodeInstrumentation({ monitoringPrecision: RESOLUTION_MILLIS });
    runtime.setMeterProvider(withUsualDelays(provider));
    runtime.enable();
  },
};

/**
 * Starts the monitor as the environment variables specify. Never throws: errors are logged through
 * `diag`, and the application runs on.
 */
export function startZeroCode(): void {
  const environment = new Environment();
  if (environment.isDisabled) return;
  logToStandardError(environment.logLevel);
  if (hasStartedBefore()) {
    log.info("another copy of otel-forecast has started in this process before; this one does nothing");
    return;
  }
  environment.reportWrong();
  try {
    const placed = createRuntime(variablesOfProcess());
    const { runtime } = placed;
    const disabled = environment.disabledInstrumentations;
    if (!hasLoadHooks()) log.info(notObservedUnder(process.versions));
    observe(runtime, disabled);
    const globals = new ReplaceableGlobals();
    let otherSignals: OtherSignals | undefined;
    const listenIfAwaited = flushAtProcessEnd(
      {
        end: async () => {
          await Promise.allSettled([runtime.shutdown(placed.isMember), otherSignals?.shutdown()]);
          await placed.leave();
        },
        save: async () => {
          await Promise.allSettled([runtime.save(), otherSignals?.flush()]);
        },
        isAwaited: () => runtime.needsLastCollection || placed.needsLastReport || otherSignals !== undefined,
      },
      FLUSH_TIMEOUT_MILLIS,
    );
    const join = joinerFor(runtime, listenIfAwaited);
    const isFirst = globals.register("metrics", {
      ours: runtime.exporters.guardedProvider,
      onReplaced: join,
      isRestored: true,
    });
    if (!isFirst) join(registeredGlobal("metrics"));
    const seesSpans = !disabled.includes("agent-spans");
    const tracing = seesSpans ? watchAgentSpans(globals, runtime) : undefined;
    otherSignals = startOtherSignals(
      environment,
      globals,
      () => tracing ?? watchAgentSpans(globals, undefined),
      join,
    );
    listenIfAwaited();
    runtime.pipeline.instruments.consumption.onFirstUse = listenIfAwaited;
    start(placed).then(listenIfAwaited).catch(couldNotStart);
  } catch (error) {
    couldNotStart(error);
  }
}

/** Whether a copy of this package, this one or one of another folder, has started in this thread. */
function hasStartedBefore(): boolean {
  const hasStarted = Reflect.get(globalThis, STARTED) === true;
  // Unlike an assignment, this does not throw where the application has closed the global object.
  Reflect.defineProperty(globalThis, STARTED, { value: true, configurable: true });
  return hasStarted;
}

function couldNotStart(error: unknown): void {
  log.error(`could not start, the application runs without it: ${messageOf(error)}`);
}

async function start(placed: PlacedRuntime): Promise<void> {
  const { runtime } = placed;
  let isToListen = false;
  await runtime.start({
    beginsAfter: delay(BEGIN_AFTER_MILLIS, undefined, { ref: false }),
    mayListen: async () => {
      isToListen = await placed.settle();
      return isToListen;
    },
  });
  const { exporters, processGroup } = runtime;
  const { endpoint } = exporters;
  if (isToListen && endpoint !== undefined && !endpoint.hasFailedToListen && !processGroup.isMember)
    log.info(`metrics and forecasts at ${endpoint.url}/metrics`);
}

/**
 * Our global meter provider is replaced if the application registers its own. Then the monitor
 * joins that.
 */
function joinerFor(runtime: Runtime, onJoined: () => void): (theirs: unknown) => void {
  return (theirs) => {
    if (!runtime.exporters.join(theirs)) return;
    log.info("joined the meter provider of the application");
    onJoined();
  };
}

/**
 * Runs before a provider is registered, since a new instrumentation uses the provider that is
 * global then.
 */
function observe(runtime: Runtime, disabled: readonly string[]): void {
  const { pipeline } = runtime;
  warnOfUnknown(disabled);
  observeFrameworks(runtime, disabled);
  for (const [name, measure] of Object.entries(MEASURED))
    if (!disabled.includes(name)) measure(pipeline.instruments.provider);
}

/** Names of instrumentations that are not ours are for others that read the variable too. */
function warnOfUnknown(disabled: readonly string[]): void {
  const names = ["agent-spans", ...FRAMEWORK_NAMES, ...Object.keys(MEASURED)];
  for (const name of disabled)
    if (!names.includes(name) && isSlipOf(name, names))
      log.warn(
        `OTEL_NODE_DISABLED_INSTRUMENTATIONS: there is no "${name}"; did you mean ${nearestNames(name, names)[0]}?`,
      );
}

/**
 * Lets a runtime observe the agents in all spans of this process. Without a
 * runtime, it only makes the tracing of this package yield to the application's.
 */
function watchAgentSpans(globals: ReplaceableGlobals, runtime: Runtime | undefined): ObservedTracing {
  const processor = runtime === undefined ? undefined : agentSpanProcessor(runtime);
  return new ObservedTracing(globals, processor, () =>
    log.info("joined the tracer provider of the application"),
  );
}
