import type { ResolvedAlerting } from "../alerts/resolved.ts";
import { optionError } from "../core/option-error.ts";
import { messageOf } from "../core/text-of.ts";
import { defaultViews } from "../views/default-views.ts";
import { asTotalsOfToday } from "../views/totals-of-today.ts";
import {
  checkAlertingEntries,
  optionThresholds,
  optionTimeZone,
  optionViews,
  rejectUnknown,
  show,
  wrongOption,
} from "./check-options.ts";
import { type Configuration, ConfigurationError, readConfiguration } from "./configuration.ts";
import { defaultThresholds } from "./default-thresholds.ts";
import type { Variables } from "./environment.ts";
import { defaultForecastInterval } from "./forecast-interval.ts";
import { lengthenDurations } from "./lengthen-durations.ts";
import type { ForecastOptions, ResolvedOptions } from "./options.ts";
import { resolveEntries } from "./resolve-entries.ts";
import { type Setting, type Settings, settings } from "./settings.ts";
import { inTimeZone } from "./time-zone.ts";

/** Where options come from besides the caller. A test passes its own. */
export interface OptionSources {
  readonly environment: Variables;
  readFile(path: string): string;
  /** Functions that the application registers; absent: not known yet. */
  readonly functions?: readonly string[];
  /** Receives one line for each variable and file that could not be used. */
  warn(message: string): void;
  /** Receives what may be a mistake in the file; absent: it is not looked for. */
  remark?(line: string): void;
}

type SettingName = keyof Settings;

const NO_CONFIGURATION: Configuration = {
  settings: {},
  views: [],
  prices: [],
  thresholds: new Map(),
  alerting: {},
  explain: () => [],
};

/**
 * Merges options, environment variables, the configuration file and defaults. The first source with
 * a value wins.
 *
 * @throws TypeError that names the option and what was expected, if an option or a file that an
 * option names is wrong. If a variable or a file that a variable names is wrong, `warn` is called
 * and the next source is used.
 */
export function resolveOptions(options: ForecastOptions, sources: OptionSources): ResolvedOptions {
  rejectUnknown(options);
  const configFile = resolveOne("configFile", options, {}, sources);
  const configuration = load(configFile, options.configFile !== undefined, sources);
  const resolved = resolveAll(options, configuration.settings, sources);
  const { namespace } = resolved;
  const given = asTotalsOfToday([...optionViews(options), ...configuration.views], namespace);
  const { views, timeZone } = inTimeZone(
    [...given, ...defaultViews(namespace)],
    namespace,
    optionTimeZone(options) ?? configuration.timeZone,
  );
  const thresholds = optionThresholds(options);
  checkAlertingEntries(options);
  const leaveOut = (finding: string): void =>
    sources.warn(`${settings.configFile.variable}: ${finding}; wrong alerts and actions are left out`);
  const context = { ...resolved, ...sources, views: views.slice(0, given.length), timeZone };
  return {
    ...resolved,
    ...lengthenDurations(resolved, options, sources),
    views,
    givenViews: given.length,
    timeZone,
    prices: configuration.prices,
    thresholds: new Map([
      ...defaultThresholds(resolved.namespace),
      ...configuration.thresholds,
      ...thresholds,
    ]),
    alerting: namingConfigFile(() =>
      resolveEntries({
        options,
        thresholds,
        configuration,
        context,
        leaveOut: options.configFile === undefined ? leaveOut : undefined,
        remark: sources.remark,
      }),
    ),
  };
}

function resolveAll(options: ForecastOptions, fromFile: Partial<Settings>, sources: OptionSources): Settings {
  const { forecastIntervalMillis: _, ...independent } = settings;
  const resolved = Object.fromEntries(
    Object.keys(independent).map((name) => [
      name,
      resolveOne(name as SettingName, options, fromFile, sources),
    ]),
  ) as unknown as Omit<Settings, "forecastIntervalMillis">;
  const defaults = { forecastIntervalMillis: defaultForecastInterval(resolved), ...fromFile };
  return {
    ...resolved,
    forecastIntervalMillis: resolveOne("forecastIntervalMillis", options, defaults, sources),
  };
}

function resolveOne<Name extends SettingName>(
  name: Name,
  options: ForecastOptions,
  fromFile: Partial<Settings>,
  sources: OptionSources,
): Settings[Name] {
  const setting = settings[name] as Setting<Settings[Name]>;
  const given = (options as Record<string, unknown>)[name];
  if (given !== undefined) {
    const value = setting.fromOption(given);
    return value ?? wrongOption(name, setting.expected, given);
  }
  const otherwise = fromFile[name] ?? setting.fallback;
  const text = sources.environment[setting.variable]?.trim();
  if (text === undefined || text === "") return otherwise;
  const value = setting.fromText(text);
  if (value !== undefined) return value;
  sources.warn(
    `${setting.variable} must be ${setting.expected}, got ${show(text)}; using ${showUsed(otherwise)} instead`,
  );
  return otherwise;
}

function namingConfigFile(resolve: () => ResolvedAlerting): ResolvedAlerting {
  try {
    return resolve();
  } catch (error) {
    throw error instanceof ConfigurationError ? wrongFile(error) : error;
  }
}

function wrongFile(error: unknown): TypeError {
  return optionError(`option "configFile": ${messageOf(error)}`, error);
}

function load(path: string | undefined, isOption: boolean, sources: OptionSources): Configuration {
  if (path === undefined) return NO_CONFIGURATION;
  try {
    return readConfiguration(path, sources.readFile(path));
  } catch (error) {
    if (isOption) throw wrongFile(error);
    sources.warn(`${settings.configFile.variable}: ${messageOf(error)}; using no configuration file instead`);
    return NO_CONFIGURATION;
  }
}

function showUsed(value: unknown): string {
  if (!Array.isArray(value)) return String(value ?? "none");
  return value
    .map((it) => (typeof it === "object" && it !== null && "label" in it ? it.label : it))
    .join(",");
}
