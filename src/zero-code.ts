import { createRequire } from "node:module";
import { setTimeout as delay } from "node:timers/promises";
import { diag, type MeterProvider, metrics } from "@opentelemetry/api";
import { getBooleanFromEnv, getStringFromEnv, getStringListFromEnv } from "@opentelemetry/core";
import { HostMetricsInstrumentation } from "@opentelemetry/instrumentation-host-metrics";
import { RuntimeNodeInstrumentation } from "@opentelemetry/instrumentation-runtime-node";
import { watchAgentSpans } from "./agents-from-spans.ts";
import { createFamilyRuntime, type FamilyRuntime } from "./family.ts";
import { observeFrameworks } from "./observe-frameworks.ts";
import type { Runtime } from "./pipeline/runtime.ts";
import { flushAtProcessEnd } from "./process-end.ts";
import { registerYieldingly } from "./telemetry/global-registration.ts";
import { logToStandardError } from "./telemetry/stderr-diag.ts";

/** An application's own SDK and servers come up before ours listens: a port that both want is the application's. */
const LISTEN_AFTER_MILLIS = 200;
/** How long a process that ends waits for the last push at most. */
const FLUSH_PATIENCE_MILLIS = 5000;

/** By the name that switches each off. */
const INSTRUMENTATIONS = {
  "host-metrics": HostMetricsInstrumentation,
  "runtime-node": RuntimeNodeInstrumentation,
} as const;

/**
 * Starts everything from environment variables alone. Never throws: what goes wrong is said through `diag`, and the
 * application runs on.
 */
export function startZeroCode(): void {
  if (getBooleanFromEnv("OTEL_SDK_DISABLED")) return;
  logToStandardError(getStringFromEnv("OTEL_LOG_LEVEL") ?? "info");
  try {
    const family = createFamilyRuntime(process.env);
    const { runtime } = family;
    const disabled = getStringListFromEnv("OTEL_NODE_DISABLED_INSTRUMENTATIONS") ?? [];
    observe(runtime, disabled);
    registerProvider(runtime);
    if (!disabled.includes("agent-spans")) watchAgentSpans(runtime);
    const otherSignals = startOtherSignals();
    void start(family);
    flushAtProcessEnd(async () => {
      await Promise.allSettled([runtime.shutdown(), otherSignals?.shutdown()]);
      await family.leave();
    }, FLUSH_PATIENCE_MILLIS);
  } catch (error) {
    diag.error(`otel-forecast: could not start, the application runs without it: ${error}`);
  }
}

async function start({ runtime, settle }: FamilyRuntime): Promise<void> {
  const isToListen = delay(LISTEN_AFTER_MILLIS, undefined, { ref: false }).then(settle);
  await runtime.start(isToListen);
  const { endpoint } = runtime.wayOut;
  if ((await isToListen) && endpoint !== undefined)
    diag.info(`otel-forecast: metrics and forecasts at ${endpoint.url}/metrics`);
}

/** The global meter provider is ours until the application registers its own; then that one is joined. */
function registerProvider(runtime: Runtime): void {
  const join = (theirs: MeterProvider): void => {
    if (runtime.wayOut.join(theirs)) diag.info("otel-forecast: joined the meter provider of the application");
  };
  if (!registerYieldingly(runtime.wayOut.provider, join)) join(metrics.getMeterProvider());
}

/** Before a provider is registered: an instrumentation that is made binds itself to the one that is global then. */
function observe(runtime: Runtime, disabled: readonly string[]): void {
  const { pipeline } = runtime;
  observeFrameworks(runtime, disabled);
  for (const [name, Instrumentation] of Object.entries(INSTRUMENTATIONS)) {
    if (disabled.includes(name)) continue;
    const instrumentation = new Instrumentation();
    instrumentation.setMeterProvider(pipeline.ownProvider);
    instrumentation.enable();
  }
}

/** Traces and logs are not ours, but their variables are honoured: the SDK for Node is started where one is set. */
function startOtherSignals(): { shutdown(): Promise<void> } | undefined {
  const wantsTraces = isAsked("OTEL_TRACES_EXPORTER");
  const wantsLogs = isAsked("OTEL_LOGS_EXPORTER");
  if (!wantsTraces && !wantsLogs && getStringFromEnv("OTEL_CONFIG_FILE") === undefined) return undefined;
  // It sets a logger of its own, which would complain about ours; ours comes back after it.
  diag.disable();
  const { startNodeSdk } = createRequire(import.meta.url)("@opentelemetry/sdk-node");
  const sdk = startNodeSdk({
    metricReaders: [],
    ...(wantsTraces ? {} : { spanProcessors: [] }),
    ...(wantsLogs ? {} : { logRecordProcessors: [] }),
  });
  logToStandardError(getStringFromEnv("OTEL_LOG_LEVEL") ?? "info");
  return sdk;
}

function isAsked(variable: string): boolean {
  const exporters = getStringFromEnv(variable);
  return exporters !== undefined && exporters !== "none";
}
