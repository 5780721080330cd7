import { variablesOfProcess } from "../config/environment.ts";
import type { GatewaySettings } from "../config/gateway/gateway-settings.ts";
import type { ResolvedOptions } from "../config/options.ts";
import { readConfigFile } from "../config/read-config-file.ts";
import { type OptionSources, resolveOptions } from "../config/resolve-options.ts";
import { visibleLine } from "../core/visible.ts";
import { readConfigured } from "../gateway/read-configured.ts";
import { LOG_PREFIX } from "../logging/component-logger.ts";
import { isGatewayFile } from "./is-gateway-file.ts";
import { readOnce } from "./read-once.ts";

/** A process or a gateway, as it is configured. */
export interface ConfiguredForecaster {
  readonly options: ResolvedOptions;
  /** `undefined`: it is a process. */
  readonly gateway?: GatewaySettings;
}

/** The prefix of errors in a process, which a command replaces by its own. */
const OPTION_PREFIX = /^otel-forecast: option "configFile": /;

/**
 * What a process in this environment would do with this configuration file, or a gateway: the keys of
 * the file tell which. Invalid variables are reported on standard error.
 *
 * @param isGateway that it is a gateway, whatever the keys of its file are.
 * @throws Error with the file, the line, the key and what was expected.
 */
export function configuredForecaster(
  configFile: string | undefined,
  isGateway: boolean,
): ConfiguredForecaster {
  const warned = new Set<string>();
  const sources: OptionSources = {
    environment: variablesOfProcess(),
    readFile: readOnce(readConfigFile),
    warn: (message) => {
      if (!warned.has(message)) console.error(visibleLine(`${LOG_PREFIX}${message}`));
      warned.add(message);
    },
  };
  try {
    if (isGateway || (configFile !== undefined && isGatewayFile(configFile, sources.readFile))) {
      const { options, settings } = readConfigured(configFile, sources);
      return { options, gateway: settings };
    }
    return { options: resolveOptions(configFile === undefined ? {} : { configFile }, sources) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new Error(error.message.replace(OPTION_PREFIX, ""), { cause: error });
  }
}
