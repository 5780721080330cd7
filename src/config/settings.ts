import { DAY_MILLIS } from "../core/durations.ts";
import { type Horizon, parseDuration, parseHorizon } from "../core/horizon.ts";
import { isMethodName, methodNames } from "../forecast/fit-options.ts";
import {
  DEFAULT_TRANSLATION,
  TRANSLATION_NAMES,
  type Translation,
  translationOf,
} from "../prometheus/names/translation.ts";
import { isHttpAddress } from "../promql/address.ts";

/** Settings that have both an option and an environment variable. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly collectionIntervalMillis: number;
  readonly windowMillis: number;
  readonly forecastIntervalMillis: number;
  readonly horizons: readonly Horizon[];
  readonly method: string;
  /** Whether `auto` uses learned weights. */
  readonly learned: boolean;
  readonly agentName: string | undefined;
  readonly namespace: string;
  readonly history: string;
  /** The address of a Prometheus API; `undefined`: the past is not asked for. */
  readonly backfill: string | undefined;
  readonly maxSeries: number;
  readonly expiryMillis: number;
  readonly exporters: readonly string[];
  readonly configFile: string | undefined;
  readonly webConfigFile: string | undefined;
  readonly requireAuth: boolean;
  /** Whether the endpoint has a page for people. */
  readonly page: boolean;
  /** Whether histograms that are shown natively have their classic buckets too. */
  readonly classicBuckets: boolean;
  /** How the names of metrics and labels are translated on the endpoint. */
  readonly translation: Translation;
}

/** How one setting is read from its option and from its variable. */
export interface Setting<Value> {
  readonly variable: string;
  readonly fallback: Value;
  /** The accepted values, in words that follow "must be". */
  readonly expected: string;
  /** The checked value; `undefined` if it is not accepted. */
  fromOption(given: unknown): Value | undefined;
  fromText(text: string): Value | undefined;
  /** What may be a mistake in a value that is accepted, in words that follow the name of the setting. */
  remark?(given: unknown): string | undefined;
  /** What a mistake in the variable stands for. Default: the variable counts as not set. */
  readonly afterMistake?: Value;
  /** How a value is written in a variable, if not as it is. */
  written?(value: Value): string;
}

const EXPORTERS = ["prometheus", "otlp", "console", "none"];
const MAX_HORIZON_DAYS = 30;

/** The settings by option name: variable, default (`fallback`) and accepted values of each. */
export const settings: { readonly [Name in keyof Settings]: Setting<Settings[Name]> } = {
  host: text("OTEL_EXPORTER_PROMETHEUS_HOST", "localhost", "a host name or address", (it) =>
    /^[\w.:-]+$/.test(it),
  ),
  port: integer("OTEL_EXPORTER_PROMETHEUS_PORT", 9464, 0, 65_535),
  collectionIntervalMillis: millis("OTEL_FORECAST_COLLECTION_INTERVAL", 10_000, 50, DAY_MILLIS),
  windowMillis: millis("OTEL_FORECAST_WINDOW", 300_000, 50, DAY_MILLIS),
  forecastIntervalMillis: millis("OTEL_FORECAST_INTERVAL", 300_000, 1000, DAY_MILLIS),
  horizons: {
    variable: "OTEL_FORECAST_HORIZONS",
    fallback: readHorizons(["5m", "1h"]) ?? [],
    expected: "a list of at least one duration from 1s to 30d such as 30s, 5m, 1h or 1d",
    fromOption: (given) => (Array.isArray(given) ? readHorizons(given) : undefined),
    fromText: (given) => readHorizons(given.split(",")),
  },
  method: text("OTEL_FORECAST_METHOD", "auto", `one of ${methodNames.join(", ")}`, isMethodName),
  learned: flag("OTEL_FORECAST_LEARNED", false, "on", "off"),
  agentName: optionalText("OTEL_FORECAST_AGENT", "a name that is not empty"),
  namespace: text(
    "OTEL_FORECAST_NAMESPACE",
    "ai_cloud",
    "a name of letters, digits and underscores that begins with a letter, other than system",
    // The metrics of the system have names such as those of agents would be.
    (it) => /^[a-zA-Z][a-zA-Z0-9_]{0,62}$/.test(it) && it !== "system",
  ),
  history: text(
    "OTEL_FORECAST_HISTORY",
    "memory",
    "memory or file:PATH",
    (it) => it === "memory" || /^file:./.test(it),
  ),
  backfill: optionalText(
    "OTEL_FORECAST_BACKFILL",
    "the URL of a Prometheus API such as http://localhost:9090",
    isHttpAddress,
  ),
  maxSeries: integer("OTEL_FORECAST_MAX_SERIES", 10_000, 1, 10_000_000),
  expiryMillis: {
    ...integer("OTEL_FORECAST_EXPIRY", 3_600_000, 1, 365 * DAY_MILLIS),
    expected: "a duration such as 90s or 1h, or a whole number of milliseconds from 1",
    fromText: (given) => durationMillis(given),
  },
  exporters: {
    variable: "OTEL_METRICS_EXPORTER",
    fallback: ["prometheus"],
    expected: `a list of ${EXPORTERS.join(", ")}`,
    fromOption: (given) => (Array.isArray(given) ? readExporters(given) : undefined),
    fromText: (given) => readExporters(given.split(",")),
    remark: (given) =>
      hasNoneBesideOthers(String(given).split(","))
        ? "has none beside others, so nothing is exported"
        : undefined,
  },
  configFile: optionalText("OTEL_FORECAST_CONFIG_FILE", "the path of a YAML or JSON file"),
  webConfigFile: optionalText("OTEL_FORECAST_WEB_CONFIG", "the path of a web configuration file"),
  // Who has set it wrongly wants a closed port rather than an open one.
  requireAuth: { ...flag("OTEL_FORECAST_REQUIRE_AUTH", false, "true", "false"), afterMistake: true },
  page: flag("OTEL_FORECAST_PAGE", true, "on", "off"),
  classicBuckets: flag("OTEL_FORECAST_CLASSIC_BUCKETS", true, "on", "off"),
  translation: {
    variable: "OTEL_FORECAST_TRANSLATION",
    fallback: DEFAULT_TRANSLATION,
    expected: `one of ${TRANSLATION_NAMES.join(", ")}`,
    fromOption: (given) => (typeof given === "string" ? translationOf(given) : undefined),
    fromText: translationOf,
  },
};

function flag(variable: string, fallback: boolean, on: string, off: string): Setting<boolean> {
  return {
    variable,
    fallback,
    expected: `${on} or ${off}`,
    written: (value) => (value ? on : off),
    fromOption: (given) => (typeof given === "boolean" ? given : undefined),
    fromText: (given) => {
      if (/^(true|yes|on|1)$/i.test(given)) return true;
      return /^(false|no|off|0)$/i.test(given) ? false : undefined;
    },
  };
}

/** A unit, such as in `10s`, is not read: the text names the unit that is. */
function millis(variable: string, fallback: number, lowest: number, highest: number): Setting<number> {
  const expected = `a whole number of milliseconds from ${lowest} to ${highest}`;
  return { ...integer(variable, fallback, lowest, highest), expected };
}

function integer(variable: string, fallback: number, lowest: number, highest: number): Setting<number> {
  const check = (value: number): number | undefined =>
    Number.isInteger(value) && value >= lowest && value <= highest ? value : undefined;
  return {
    variable,
    fallback,
    expected: `a whole number from ${lowest} to ${highest}`,
    fromOption: (given) => (typeof given === "number" ? check(given) : undefined),
    fromText: (given) => (/^\d+$/.test(given) ? check(Number(given)) : undefined),
  };
}

function text(
  variable: string,
  fallback: string,
  expected: string,
  accepts: (given: string) => boolean,
): Setting<string> {
  const check = (given: unknown): string | undefined =>
    typeof given === "string" && accepts(given) ? given : undefined;
  return { variable, fallback, expected, fromOption: check, fromText: check };
}

function optionalText(
  variable: string,
  expected: string,
  accepts: (given: string) => boolean = (given) => given.trim() !== "",
): Setting<string | undefined> {
  return { ...text(variable, "", expected, accepts), fallback: undefined };
}

function readHorizons(given: readonly unknown[]): Horizon[] | undefined {
  const horizons = given.map((it) => (typeof it === "string" ? parseHorizon(it) : undefined));
  const isValid = (it: Horizon | undefined): boolean =>
    it !== undefined && it.seconds * 1000 <= MAX_HORIZON_DAYS * DAY_MILLIS;
  if (horizons.length === 0 || !horizons.every(isValid)) return undefined;
  return (horizons as Horizon[]).filter(
    (horizon, index, all) => all.findIndex((other) => other.seconds === horizon.seconds) === index,
  );
}

function readExporters(given: readonly unknown[]): string[] | undefined {
  const names = exportersIn(given);
  if (names.some((name) => !EXPORTERS.includes(name))) return undefined;
  return names.includes("none") ? [] : [...new Set(names)];
}

function hasNoneBesideOthers(given: readonly unknown[]): boolean {
  const names = new Set(exportersIn(given));
  return names.has("none") && names.size > 1;
}

function exportersIn(given: readonly unknown[]): string[] {
  return given.map((it) => (typeof it === "string" ? it.trim().toLowerCase() : ""));
}

function durationMillis(given: string): number | undefined {
  const seconds = parseDuration(given);
  if (seconds !== undefined) return seconds * 1000;
  return /^[1-9]\d{0,11}$/.test(given) ? Number(given) : undefined;
}
