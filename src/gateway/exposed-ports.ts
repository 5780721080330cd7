import type { Address } from "../config/gateway/address.ts";
import type { GatewaySettings } from "../config/gateway/gateway-settings.ts";
import { webConfigFile } from "../config/web/web-config-file.ts";
import { isLoopback } from "../prometheus/web/exposure.ts";
import { authenticates } from "../prometheus/web/web-config.ts";

/**
 * The ports that other machines can reach without a login. A gateway does not open them unless it is
 * told to.
 *
 * @throws ConfigurationError if the web configuration file is wrong.
 */
export async function exposedPorts({
  receivers,
  outputs,
  webConfigFile: file,
}: GatewaySettings): Promise<string[]> {
  const ports: readonly (readonly [name: string, address: Address | undefined])[] = [
    ["receivers.otlp.grpc", receivers.otlpGrpc],
    ["receivers.otlp.http", receivers.otlpHttp],
    ["outputs.prometheus", outputs.web],
  ];
  const reachable = ports.flatMap(([name, address]) =>
    address === undefined || isLoopback(address.host) ? [] : [`${name} (${address.host}:${address.port})`],
  );
  if (reachable.length === 0 || file === undefined) return reachable;
  const { config } = await webConfigFile(file).read();
  return authenticates(config) ? [] : reachable;
}
