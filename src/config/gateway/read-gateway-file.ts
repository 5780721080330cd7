import { type Configuration, configurationOf, readChecked } from "../configuration.ts";
import { gatewayFile } from "./gateway-schema.ts";
import { type GatewaySettings, gatewaySettings } from "./gateway-settings.ts";

/** The two parts of the file of a gateway: what it does, and what a process could do too. */
export interface GatewayConfiguration {
  readonly settings: GatewaySettings;
  readonly configuration: Configuration;
}

/**
 * Reads the file of a gateway, YAML or JSON.
 *
 * @throws ConfigurationError that names the file, the line, the key and what was expected.
 */
export function readGatewayFile(path: string, content: string): GatewayConfiguration {
  const { accepted, linesFor } = readChecked(path, content, gatewayFile);
  const { interval, receivers, sources, outputs, members, state, limits, tenants, web, ...shared } = accepted;
  const own = { interval, receivers, sources, outputs, members, state, limits, tenants, web };
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  return { settings: gatewaySettings(given), configuration: configurationOf(shared, linesFor) };
}
