import type { Configuration } from "../config/configuration.ts";
import { type GatewaySettings, gatewaySettings } from "../config/gateway/gateway-settings.ts";
import { type GatewayConfiguration, readGatewayFile } from "../config/gateway/read-gateway-file.ts";
import type { ForecastOptions, ResolvedOptions } from "../config/options.ts";
import { type OptionSources, resolveOptions } from "../config/resolve-options.ts";
import { gatewayViews } from "../views/gateway-views.ts";

/** Everything that a gateway was told, checked and with its defaults. */
export interface Configured {
  readonly settings: GatewaySettings;
  /** Views, alerts and all else that a process has too. */
  readonly options: ResolvedOptions;
  /** How many views and thresholds are in the file. */
  readonly counts: GatewayConfiguration["counts"];
  /** The content of the file; empty without one. */
  readonly content: string;
}

/**
 * Reads the file of a gateway, and the variables of its process. Without a file everything has its
 * default.
 *
 * @throws TypeError with everything that is wrong in the file; its `cause` has one line for each.
 */
export function readConfigured(path: string | undefined, sources: OptionSources): Configured {
  let settings = gatewaySettings();
  let counts: Configured["counts"] = { views: 0, thresholds: 0 };
  let content = "";
  const readConfiguration = (file: string, read: string): Configuration => {
    const both = readGatewayFile(file, read);
    ({ settings, counts } = both);
    content = read;
    return both.configuration;
  };
  // The variable of a process names the file of a process, which is none of a gateway.
  const { OTEL_FORECAST_CONFIG_FILE: _, ...environment } = sources.environment;
  const withDefaults = { ...sources, environment, readConfiguration, defaultViews: gatewayViews };
  const given = path === undefined ? {} : { configFile: path };
  const first = resolveOptions(given, withDefaults);
  const overriding = optionsOf(settings);
  const options =
    Object.keys(overriding).length === 0 ? first : resolveOptions({ ...given, ...overriding }, withDefaults);
  // What is learnt must be savable, as with a history file.
  const saved = settings.stateDirectory === undefined ? {} : { history: "state" };
  return { settings, options: { ...options, ...saved }, counts, content };
}

/** What the file of a gateway says that other processes are told by variables. */
function optionsOf({ intervalMillis, limits, webConfigFile }: GatewaySettings): ForecastOptions {
  return {
    // The state of a gateway has a folder of its own.
    history: "memory",
    ...(intervalMillis === undefined ? {} : { collectionIntervalMillis: intervalMillis }),
    ...(limits.series === undefined ? {} : { maxSeries: limits.series }),
    ...(webConfigFile === undefined ? {} : { webConfigFile }),
  };
}
