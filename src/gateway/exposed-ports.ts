import type { Address } from "../config/gateway/address.ts";
import type { GatewaySettings } from "../config/gateway/gateway-settings.ts";
import { webConfigFile } from "../config/web/web-config-file.ts";
import { isLoopback } from "../prometheus/web/exposure.ts";
import { authenticates } from "../prometheus/web/web-config.ts";
import { TokenFile } from "./receivers/token-file.ts";

/**
 * The ports that other machines can reach without a login. A gateway does not open them unless it is
 * told to.
 *
 * @throws Error if the web configuration file, or the file of bearer tokens, is wrong.
 */
export async function exposedPorts({
  receivers,
  outputs,
  webConfigFile: file,
}: GatewaySettings): Promise<string[]> {
  const tokens = receivers.bearerTokenFile;
  if (tokens !== undefined) await new TokenFile(tokens).read();
  const ports: readonly (readonly [name: string, address: Address | undefined])[] = [
    ["receivers.otlp.grpc", tokens === undefined ? receivers.otlpGrpc : undefined],
    ["receivers.otlp.http", tokens === undefined ? receivers.otlpHttp : undefined],
    ["outputs.prometheus", outputs.web],
  ];
  const reachable = ports.flatMap(([name, address]) =>
    address === undefined || isLoopback(address.host) ? [] : [`${name} (${address.host}:${address.port})`],
  );
  if (reachable.length === 0 || file === undefined) return reachable;
  const { config } = await webConfigFile(file).read();
  return authenticates(config) ? [] : reachable;
}
