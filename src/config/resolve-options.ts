import type { ResolvedAlerting } from "../alerts/resolved.ts";
import { optionError } from "../core/option-error.ts";
import { messageOf } from "../core/text-of.ts";
import { defaultViews } from "../views/default-views.ts";
import type { ForecastView } from "../views/forecast-view.ts";
import { asTotalsOfToday } from "../views/totals-of-today.ts";
import type { Finding } from "./alerting/findings.ts";
import { withoutWrong } from "./check-entries.ts";
import { mergedThresholds } from "./check-names.ts";
import {
  checkAlertingEntries,
  optionThresholds,
  optionTimeZone,
  optionViews,
  rejectUnknown,
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
import { show } from "./shown.ts";
import { inTimeZone } from "./time-zone.ts";
import { unknownVariables } from "./unknown-variables.ts";

/** Where options come from besides the caller. A test passes its own. */
export interface OptionSources {
  readonly environment: Variables;
  readFile(path: string): string;
  /** Reads a configuration file that has more keys than that of a process. */
  readConfiguration?(path: string, content: string): Configuration;
  /** The views that apply without any configuration. Default: those of a process. */
  defaultViews?(namespace: string): readonly ForecastView[];
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

/** What an entry of each list of a configuration file is. */
const ENTRIES: Readonly<Record<string, string>> = {
  views: "view",
  thresholds: "threshold",
  alerts: "alert",
  actions: "action",
  maintenance: "maintenance range",
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
  for (const line of unknownVariables(sources.environment)) sources.warn(line);
  const configFile = resolveOne("configFile", options, {}, sources);
  const loaded = load(configFile, options.configFile !== undefined, sources);
  const resolved = resolveAll(options, loaded.settings, sources);
  const { namespace } = resolved;
  const ofOptions = optionViews(options);
  const viewsOf = ({ views, timeZone }: Configuration): ReturnType<typeof inTimeZone> => {
    const given = asTotalsOfToday([...ofOptions, ...views], namespace);
    const others = (sources.defaultViews ?? defaultViews)(namespace);
    return inTimeZone([...given, ...others], namespace, optionTimeZone(options) ?? timeZone);
  };
  const leaveOut = options.configFile === undefined ? leaverOut(loaded, sources) : undefined;
  const configuration =
    leaveOut === undefined
      ? loaded
      : withoutWrong(
          loaded,
          { namespace, timeZone: viewsOf(loaded).timeZone, otherViews: ofOptions },
          leaveOut,
        );
  const { views, timeZone } = viewsOf(configuration);
  const givenViews = ofOptions.length + configuration.views.length;
  const thresholds = optionThresholds(options);
  checkAlertingEntries(options);
  const context = { ...resolved, ...sources, views: views.slice(0, givenViews), timeZone };
  return {
    ...resolved,
    ...lengthenDurations(resolved, options, sources),
    views,
    givenViews,
    timeZone,
    prices: configuration.prices,
    thresholds: mergedThresholds(
      [defaultThresholds(namespace), configuration.thresholds, thresholds],
      namespace,
    ),
    alerting: namingConfigFile(() =>
      resolveEntries({
        options,
        thresholds,
        configuration,
        context,
        leaveOut,
        remark: sources.remark,
      }),
    ),
  };
}

/** Logs what is wrong in a file, one line each, and what is not used for that reason. */
function leaverOut(
  { explain }: Configuration,
  { warn }: OptionSources,
): (findings: readonly Finding[]) => void {
  return (findings) => {
    const ending = findings.map(({ path, message }) => ({
      path,
      message: `${message}; this ${ENTRIES[String(path[0])]} is left out`,
    }));
    for (const line of explain(ending)) warn(`${settings.configFile.variable}: ${line}`);
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
    if (value === undefined) return wrongOption(name, setting.expected, given);
    warnOfRemark(`option "${name}"`, given, setting, sources);
    return value;
  }
  const otherwise = fromFile[name] ?? setting.fallback;
  const text = sources.environment[setting.variable]?.trim();
  if (text === undefined || text === "") return otherwise;
  const value = setting.fromText(text);
  if (value !== undefined) {
    warnOfRemark(setting.variable, text, setting, sources);
    return value;
  }
  const used = setting.afterMistake ?? otherwise;
  sources.warn(
    `${setting.variable} must be ${setting.expected}, got ${show(text)}; using ${setting.written?.(used) ?? showUsed(used)} instead`,
  );
  return used;
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
    return (sources.readConfiguration ?? readConfiguration)(path, sources.readFile(path));
  } catch (error) {
    if (isOption) throw wrongFile(error);
    sources.warn(`${settings.configFile.variable}: ${messageOf(error)}; using no configuration file instead`);
    return NO_CONFIGURATION;
  }
}

function warnOfRemark(
  name: string,
  given: unknown,
  { remark }: Pick<Setting<unknown>, "remark">,
  { warn }: OptionSources,
): void {
  const message = remark?.(given);
  if (message !== undefined) warn(`${name} ${message}; got ${show(given)}`);
}

function showUsed(value: unknown): string {
  if (!Array.isArray(value)) return String(value ?? "none");
  return value
    .map((it) => (typeof it === "object" && it !== null && "label" in it ? it.label : it))
    .join(",");
}
