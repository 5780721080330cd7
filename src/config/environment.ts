import { log } from "../logging/component-logger.ts";
import type { OtlpProtocol } from "../otel/export/otlp-exporters.ts";
import type { PushSettings } from "../otel/export/push-readers.ts";
import { DETECTOR_NAMES, type DetectorName, type ResourceVariables } from "../otel/resource.ts";
import { checkOtlpVariables } from "./otlp-variables.ts";
import { settings } from "./settings.ts";
import { show } from "./shown.ts";

/** Environment variables by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Signals that OpenTelemetry's SDK for Node handles, as they are written in variables. */
export type SdkSignal = "TRACES" | "LOGS";

const OTLP_PROTOCOLS: readonly OtlpProtocol[] = ["grpc", "http/json", "http/protobuf"];
const DEFAULT_PROTOCOL: OtlpProtocol = "http/protobuf";
const DEFAULT_EXPORT_INTERVAL_MILLIS = 60_000;
const DEFAULT_EXPORT_TIMEOUT_MILLIS = 30_000;
/** Node fires a timer at once if its delay is longer than this. */
const MAX_TIMER_MILLIS = 2 ** 31 - 1;
const LOG_LEVELS = ["none", "error", "warn", "info", "debug", "verbose", "all"];
const DETECTORS_VARIABLE = "OTEL_NODE_RESOURCE_DETECTORS";

/**
 * The variables of this process. Code that hands values to child processes writes to this object
 * too. Only this function reads `process.env`, apart from the entry points that run before anything
 * is loaded.
 */
export function variablesOfProcess(): NodeJS.ProcessEnv {
  return process.env;
}

/**
 * The variables that this package interprets and that have no option, as typed values.
 * OpenTelemetry's own libraries read their variables themselves, for example the endpoint and the
 * headers of an OTLP exporter.
 *
 * A value is checked each time it is read: a wrong value is logged, and the default is used.
 */
export class Environment implements PushSettings, ResourceVariables {
  readonly #variables: Variables;

  constructor(variables: Variables = variablesOfProcess()) {
    this.#variables = variables;
  }

  /** Whether `OTEL_SDK_DISABLED` turns everything off. */
  get isDisabled(): boolean {
    return this.#text("OTEL_SDK_DISABLED")?.toLowerCase() === "true";
  }

  get logLevel(): string {
    return this.#text("OTEL_LOG_LEVEL") ?? "info";
  }

  /** The name of the agent if this process or its parent was given one. */
  get agentName(): string | undefined {
    return this.#variables[settings.agentName.variable];
  }

  /** Names of instrumentations that are turned off. */
  get disabledInstrumentations(): readonly string[] {
    return this.#list("OTEL_NODE_DISABLED_INSTRUMENTATIONS") ?? [];
  }

  /** Resource detectors that were asked for; `undefined` if the default ones are to be used. */
  get resourceDetectors(): readonly DetectorName[] | undefined {
    const asked = this.#list(DETECTORS_VARIABLE);
    if (asked === undefined) return undefined;
    if (asked.includes("all")) return DETECTOR_NAMES;
    for (const name of asked) {
      if (name === "none" || isDetectorName(name)) continue;
      log.warn(
        `${DETECTORS_VARIABLE}: "${name}" is not one of ${DETECTOR_NAMES.join(", ")}, all, none; it is left out`,
      );
    }
    return asked.filter(isDetectorName);
  }

  /** The options of Node that every process is started with. */
  get nodeOptions(): readonly string[] {
    return this.#text("NODE_OPTIONS")?.split(/\s+/) ?? [];
  }

  get serviceName(): string | undefined {
    return this.#text("OTEL_SERVICE_NAME");
  }

  get resourceAttributes(): string | undefined {
    return this.#text("OTEL_RESOURCE_ATTRIBUTES");
  }

  get exportIntervalMillis(): number {
    return this.#millis("OTEL_METRIC_EXPORT_INTERVAL", DEFAULT_EXPORT_INTERVAL_MILLIS);
  }

  get exportTimeoutMillis(): number {
    return this.#millis("OTEL_METRIC_EXPORT_TIMEOUT", DEFAULT_EXPORT_TIMEOUT_MILLIS);
  }

  get otlpProtocol(): OtlpProtocol {
    const names = ["OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"];
    const variable = names.find((name) => this.#text(name) !== undefined);
    const asked = variable === undefined ? DEFAULT_PROTOCOL : (this.#text(variable) as string);
    const found = OTLP_PROTOCOLS.find((name) => name === asked.toLowerCase());
    if (found !== undefined) return found;
    log.warn(
      `${variable} must be one of ${OTLP_PROTOCOLS.join(", ")}, got "${asked}"; using ${DEFAULT_PROTOCOL} instead`,
    );
    return DEFAULT_PROTOCOL;
  }

  /** The exporter itself reads these variables too, and logs what is wrong with them. */
  get otlpTimeoutMillis(): number | undefined {
    return ["OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"]
      .map((name) => Number(this.#text(name)))
      .find((value) => Number.isFinite(value) && value > 0);
  }

  checkOtlp(protocol: OtlpProtocol): void {
    checkOtlpVariables(this.#variables, protocol);
  }

  /** Logs the values that have no effect. To be called once, when the log is written. */
  reportWrong(): void {
    const disabled = this.#text("OTEL_SDK_DISABLED");
    if (disabled !== undefined && !/^(true|false)$/i.test(disabled))
      log.warn(`OTEL_SDK_DISABLED must be true or false, got ${show(disabled)}; using false instead`);
    if (!LOG_LEVELS.includes(this.logLevel.toLowerCase()))
      log.warn(
        `OTEL_LOG_LEVEL must be one of ${LOG_LEVELS.join(", ")}, got ${show(this.logLevel)}; using info instead`,
      );
  }

  /** Whether a configuration file of OpenTelemetry sets up the SDK for Node. */
  get hasSdkFile(): boolean {
    return this.#text("OTEL_CONFIG_FILE") !== undefined;
  }

  /** Names of the exporters that were asked for, for a signal that is not ours. */
  exportersOf(signal: SdkSignal): readonly string[] {
    return this.#list(`OTEL_${signal}_EXPORTER`) ?? [];
  }

  protocolOf(signal: SdkSignal): string | undefined {
    return this.#text(`OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`) ?? this.#text("OTEL_EXPORTER_OTLP_PROTOCOL");
  }

  /** Without spaces around it. `undefined` if the variable is not set or is blank. */
  #text(name: string): string | undefined {
    return this.#variables[name]?.trim() || undefined;
  }

  #list(name: string): string[] | undefined {
    return this.#text(name)
      ?.split(",")
      .map((item) => item.trim())
      .filter((item) => item !== "");
  }

  #millis(name: string, fallbackMillis: number): number {
    const given = this.#text(name);
    if (given === undefined) return fallbackMillis;
    const value = Number(given);
    if (value > 0 && value <= MAX_TIMER_MILLIS) return value;
    log.warn(
      `${name} must be a number of milliseconds above 0 and at most ${MAX_TIMER_MILLIS}, ` +
        `got "${given}"; using ${fallbackMillis} instead`,
    );
    return fallbackMillis;
  }
}

function isDetectorName(name: string): name is DetectorName {
  return (DETECTOR_NAMES as readonly string[]).includes(name);
}
