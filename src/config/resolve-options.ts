import type { ResolvedAlerting } from "../alerts/rules.ts";
import { optionError } from "../core/option-error.ts";
import { messageOf } from "../core/text-of.ts";
import type { Threshold } from "../core/threshold.ts";
import { defaultViews } from "../views/default-views.ts";
import type { ForecastView } from "../views/forecast-view.ts";
import type { AlertingContext } from "./alerting/resolve-alerting.ts";
import {
  type Configuration,
  ConfigurationError,
  checkAlertingEntries,
  readConfiguration,
} from "./configuration.ts";
import { longEnough } from "./long-enough.ts";
import type { ForecastOptions, ResolvedOptions } from "./options.ts";
import { resolveRules } from "./resolve-rules.ts";
import { type Setting, type Settings, settings } from "./settings.ts";
import { checkThreshold, checkView } from "./view-option.ts";

/** Where options come from besides the caller; passed in, so that a test can say what the environment is. */
export interface OptionSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readFile(path: string): string;
  /** Functions that the application registers; absent: that is not known yet. */
  readonly functions?: readonly string[];
  /** Told of each variable and file that could not be used, in one line. */
  warn(message: string): void;
}

/** Options that have no environment variable. */
const RULE_OPTIONS = ["views", "thresholds", "alerts", "actions", "actionsPerHour", "maintenance"];

type SettingName = keyof Settings;

/**
 * Puts options, environment variables, the configuration file and defaults together; the first that speaks wins.
 *
 * @throws TypeError that names the option and what was expected, when an option or a file named by an option is wrong.
 * What is wrong in a variable, or in a file that a variable names, is told to `warn`, and the next in line is used.
 */
export function resolveOptions(options: ForecastOptions, sources: OptionSources): ResolvedOptions {
  rejectUnknown(options);
  const configFile = resolveOne("configFile", options, {}, sources);
  const configuration = load(configFile, options.configFile !== undefined, sources);
  const resolved = Object.fromEntries(
    Object.keys(settings).map((name) => [
      name,
      resolveOne(name as SettingName, options, configuration.settings, sources),
    ]),
  ) as unknown as Settings;
  const views = [...optionViews(options), ...configuration.views];
  const thresholds = optionThresholds(options);
  checkAlertingEntries(options);
  const leaveOut = (finding: string): void =>
    sources.warn(
      `${settings.configFile.variable}: ${finding}; alerts and actions that are wrong are left out`,
    );
  const context: AlertingContext = { ...resolved, ...sources, views };
  return {
    ...resolved,
    ...longEnough(resolved, options, sources),
    views: [...views, ...defaultViews(resolved.namespace)],
    prices: configuration.prices,
    thresholds: new Map([...configuration.thresholds, ...thresholds]),
    alerting: rulesOf(() =>
      resolveRules(
        options,
        thresholds,
        configuration,
        context,
        options.configFile === undefined ? leaveOut : undefined,
      ),
    ),
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

function rulesOf(resolve: () => ResolvedAlerting): ResolvedAlerting {
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
  const none: Configuration = {
    settings: {},
    views: [],
    prices: [],
    thresholds: new Map(),
    alerting: {},
    tell: () => [],
  };
  if (path === undefined) return none;
  try {
    return readConfiguration(path, sources.readFile(path));
  } catch (error) {
    if (isOption) throw wrongFile(error);
    sources.warn(`${settings.configFile.variable}: ${messageOf(error)}; using no configuration file instead`);
    return none;
  }
}

function optionViews({ views = [] }: ForecastOptions): readonly ForecastView[] {
  if (!Array.isArray(views)) wrongOption("views", "a list of views", views);
  views.forEach((view, index) => {
    checkView(view, `option "views[${index}]"`);
  });
  return views;
}

function optionThresholds({ thresholds = {} }: ForecastOptions): Map<string, Threshold> {
  if (!isPlainObject(thresholds))
    wrongOption("thresholds", "an object of thresholds by metric name", thresholds);
  return new Map(
    Object.entries(thresholds).map(([metric, it]) => [
      metric,
      checkThreshold(it, `option "thresholds.${metric}"`),
    ]),
  );
}

function rejectUnknown(options: ForecastOptions): void {
  if (!isPlainObject(options)) throw optionError(`options must be an object, got ${show(options)}`);
  const known = [...Object.keys(settings), ...RULE_OPTIONS];
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    throw optionError(`unknown option "${name}"; expected one of ${known.join(", ")}`);
  }
}

function wrongOption(name: string, expected: string, given: unknown): never {
  throw optionError(`option "${name}" must be ${expected}, got ${show(given)}`);
}

function isPlainObject(given: unknown): boolean {
  return typeof given === "object" && given !== null && !Array.isArray(given);
}

function show(given: unknown): string {
  try {
    return JSON.stringify(given) ?? String(given);
  } catch {
    return String(given);
  }
}

function showUsed(value: unknown): string {
  if (!Array.isArray(value)) return String(value ?? "none");
  return value
    .map((it) => (typeof it === "object" && it !== null && "label" in it ? it.label : it))
    .join(",");
}
