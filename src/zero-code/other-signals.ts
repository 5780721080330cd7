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

/** The provider of one signal. */
interface Provider {
  shutdown?(): Promise<void>;
  forceFlush?(): Promise<void>;
}

/** The providers of traces and logs that run here. */
export interface OtherSignals {
  /** Shuts down the providers that the application has not replaced. */
  shutdown(): Promise<void>;
  /** Pushes what these providers have collected. */
  flush(): Promise<void>;
}

/**
 * Starts the SDK for Node if the variables ask for traces or logs. This package does not make these
 * signals, but respects their variables. The SDK yields: if the application starts its own later,
 * that takes its place, signal by signal, and the replaced provider is shut down. Signals that the
 * application provides already are left to it.
 *
 * @param tracing sees the spans; called if the SDK is started.
 * @param join receives the meter provider of a configuration file, and one that the application
 * registers after it.
 * @returns `undefined` if no variable asks for a signal.
 */
export function startOtherSignals(
  environment: Environment,
  globals: ReplaceableGlobals,
  tracing: () => ObservedTracing,
  join: (meterProvider: unknown) => void,
): OtherSignals | undefined {
  const options = askedOptions(environment, globals);
  if (options === undefined) return undefined;
  const spans = tracing();
  const start = (): void => startNodeSdk(options, environment.logLevel);
  return new NodeSdkProviders(globals, start, spans, join);
}

/** The providers of the SDK for Node, each until the application registers its own. */
class NodeSdkProviders implements OtherSignals {
  readonly #running = new Map<string, Provider | undefined>();

  constructor(
    globals: ReplaceableGlobals,
    startSdk: () => void,
    spans: ObservedTracing,
    join: (meterProvider: unknown) => void,
  ) {
    const metersBefore = registeredGlobal("metrics");
    globals.registerOurs(startSdk);
    this.#running.set("trace", spans.adopt(() => void this.#end("trace")) as Provider | undefined);
    if (globals.isOurs("logs")) {
      this.#running.set("logs", registeredGlobal("logs") as Provider);
      globals.adopt("logs", { onReplaced: () => void this.#end("logs") });
    }
    const meters = registeredGlobal("metrics");
    if (meters === metersBefore) return;
    this.#running.set("metrics", meters as Provider);
    globals.adopt("metrics", {
      onReplaced: (theirs) => {
        void this.#end("metrics");
        join(theirs);
      },
    });
    join(meters);
  }

  async shutdown(): Promise<void> {
    await Promise.allSettled([...this.#running.keys()].map((signal) => this.#end(signal)));
  }

  async flush(): Promise<void> {
    await Promise.allSettled(
      Array.from(this.#running.values(), async (provider) => provider?.forceFlush?.()),
    );
  }

  async #end(signal: string): Promise<void> {
    const provider = this.#running.get(signal);
    this.#running.delete(signal);
    await provider?.shutdown?.();
  }
}

/** Options of the SDK for Node. An empty list of processors switches a signal off. */
interface SdkOptions {
  readonly metricReaders: [];
  readonly spanProcessors?: [];
  readonly logRecordProcessors?: [];
}

function askedOptions(environment: Environment, globals: ReplaceableGlobals): SdkOptions | undefined {
  const isFree = (name: string): boolean => registeredGlobal(name) === undefined || globals.isOurs(name);
  const isConfigured = environment.hasSdkFile;
  if (isConfigured && !["trace", "logs", "metrics"].every(isFree)) {
    log.info("OTEL_CONFIG_FILE is left to the SDK that the application started");
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

/** Whether the variables ask for exporters of a signal, and their packages are installed. */
function canExport(environment: Environment, signal: SdkSignal): boolean {
  const exporters = environment.exportersOf(signal);
  if (exporters.length === 0 || exporters.includes("none")) return false;
  if (!exporters.includes("otlp") || environment.protocolOf(signal) !== "grpc" || hasGrpc()) return true;
  log.warn(
    `OTEL_${signal}_EXPORTER: OTLP over gRPC needs a package that is not installed: npm install ${GRPC_PACKAGE}; nothing is pushed by it`,
  );
  return false;
}

/**
 * Loads the SDK only here, since it is large. It sets its own logger and warns if there is one:
 * ours is set again after.
 */
function startNodeSdk(options: SdkOptions, logLevel: string): void {
  diag.disable();
  load("@opentelemetry/sdk-node").startNodeSdk(options);
  logToStandardError(logLevel);
}
