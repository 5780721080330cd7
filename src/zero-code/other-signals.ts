import { createRequire } from "node:module";
import { diag } from "@opentelemetry/api";
import type { Environment, SdkSignal } from "../config/environment.ts";
import { log } from "../logging/component-logger.ts";
import { logToStandardError } from "../logging/stderr-diag.ts";
import { GRPC_PACKAGE, hasGrpc } from "../otel/export/grpc.ts";
import { registeredGlobal } from "../otel/globals/global-api.ts";
import type { ReplaceableGlobals } from "../otel/globals/replaceable-globals.ts";
import type { ObservedTracing } from "../otel/tracing/observed-tracing.ts";

const load = createRequire(import.meta.url);

/** What an SDK provides one signal with. */
interface Provider {
  shutdown?(): Promise<void>;
}

export interface OtherSignals {
  /** Ends the providers that are still ours. */
  shutdown(): Promise<void>;
}

/**
 * Traces and logs are not ours, but their variables are honoured: where one is set, the SDK for Node is started. It yields:
 * an SDK that the application starts later takes its place, signal by signal, and what it replaces is shut down. What the
 * application provides already is left to it.
 *
 * @param tracing sees the spans; asked for where the SDK is started.
 * @param join is given the meter provider of a configuration file, and the one that the application registers after it.
 * @returns `undefined` where nothing is asked for.
 */
export function startOtherSignals(
  environment: Environment,
  globals: ReplaceableGlobals,
  tracing: () => ObservedTracing,
  join: (meterProvider: unknown) => void,
): OtherSignals | undefined {
  const options = askedOptions(environment, globals);
  if (options === undefined) return undefined;
  const running = new Map<string, Provider | undefined>();
  const end = async (name: string): Promise<void> => {
    const provider = running.get(name);
    running.delete(name);
    await provider?.shutdown?.();
  };
  const spans = tracing();
  const metersBefore = registeredGlobal("metrics");
  globals.registerOurs(() => startNodeSdk(options, environment.logLevel));
  running.set("trace", spans.adopt(() => void end("trace")) as Provider | undefined);
  if (globals.isOurs("logs")) {
    running.set("logs", registeredGlobal("logs") as Provider);
    globals.adopt("logs", { onReplaced: () => void end("logs") });
  }
  const meters = registeredGlobal("metrics");
  if (meters !== metersBefore) {
    running.set("metrics", meters as Provider);
    globals.adopt("metrics", {
      onReplaced: (theirs) => {
        void end("metrics");
        join(theirs);
      },
    });
    join(meters);
  }
  return {
    shutdown: async () => {
      await Promise.allSettled([...running.keys()].map(end));
    },
  };
}

/** What the SDK for Node is to provide; an empty list of processors turns a signal off. */
interface SdkOptions {
  readonly metricReaders: [];
  readonly spanProcessors?: [];
  readonly logRecordProcessors?: [];
}

function askedOptions(environment: Environment, globals: ReplaceableGlobals): SdkOptions | undefined {
  const isFree = (name: string): boolean => registeredGlobal(name) === undefined || globals.isOurs(name);
  const isConfigured = environment.hasSdkFile;
  if (isConfigured && !["trace", "logs", "metrics"].every(isFree)) {
    log.info("OTEL_CONFIG_FILE is left to the SDK that the application has started");
    return undefined;
  }
  const traces = canExport(environment, "TRACES") && isFree("trace");
  const logs = canExport(environment, "LOGS") && isFree("logs");
  if (!traces && !logs && !isConfigured) return undefined;
  return {
    metricReaders: [],
    ...(traces ? {} : { spanProcessors: [] }),
    ...(logs ? {} : { logRecordProcessors: [] }),
  };
}

/** Whether the variables ask for exporters of a signal that can be had. */
function canExport(environment: Environment, signal: SdkSignal): boolean {
  const exporters = environment.exportersOf(signal);
  if (exporters.length === 0 || exporters.includes("none")) return false;
  if (!exporters.includes("otlp") || environment.protocolOf(signal) !== "grpc" || hasGrpc()) return true;
  log.warn(
    `OTEL_${signal}_EXPORTER: OTLP over gRPC needs a package that is not there: npm install ${GRPC_PACKAGE}; nothing is pushed by it`,
  );
  return false;
}

/** Loaded here, since it is large. It sets a logger of its own, which would complain about ours; ours comes back after it. */
function startNodeSdk(options: SdkOptions, logLevel: string): void {
  diag.disable();
  load("@opentelemetry/sdk-node").startNodeSdk(options);
  logToStandardError(logLevel);
}
