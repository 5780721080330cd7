import { hostname } from "node:os";
import { InvalidArgumentError } from "commander";
import { GATEWAY_JOB } from "../../artifacts/described-gateway.ts";
import { prometheusConfiguration } from "../../artifacts/prometheus-configuration.ts";
import { type Address, parseAddress } from "../../config/gateway/address.ts";
import { webConfigFile } from "../../config/web/web-config-file.ts";
import type { Configured } from "../../gateway/read-configured.ts";

const ANY_HOST: readonly string[] = ["0.0.0.0", "::"];

/**
 * The configuration of a Prometheus for a gateway.
 *
 * @param given `HOST:PORT` of each member, as Prometheus reaches it. Default: the address in the file.
 * @throws ConfigurationError if the web configuration file is wrong.
 */
export async function printedPrometheus(
  { options, settings }: Configured,
  given: readonly string[],
): Promise<string> {
  const { webConfigFile: file, outputs } = settings;
  const web = file === undefined ? undefined : (await webConfigFile(file).read()).config;
  const [user] = web?.users.keys() ?? [];
  return prometheusConfiguration(
    { options, settings, job: GATEWAY_JOB },
    {
      targets: given.length > 0 ? given : [targetOf(outputs.web)],
      isEncrypted: web?.tls !== undefined,
      user,
    },
  );
}

/** What may be wrong in what was printed, a sentence each. */
export function remarksOnTargets({ settings }: Configured, given: readonly string[]): string[] {
  const { count } = settings.members;
  if (given.length === 0 && count > 1)
    return [
      `name the ${count} members as Prometheus reaches them: --print-prometheus HOST:PORT HOST:PORT ...`,
    ];
  if (given.length > 0 && given.length !== count)
    return [`${given.length} addresses are named, and "members" has a count of ${count}`];
  return [];
}

/** Reads one address of the option, and adds it to those before. */
export function addTarget(given: string, before: readonly string[] | true | undefined): readonly string[] {
  const address = parseAddress(given);
  if (address === undefined || given.startsWith(":") || address.port === 0)
    throw new InvalidArgumentError("It must be HOST:PORT, such as gateway-0:9464.");
  return [...(Array.isArray(before) ? before : []), given];
}

/** An address that is every one of this machine is reached by the name of the machine. */
function targetOf({ host, port }: Address): string {
  if (ANY_HOST.includes(host)) return `${hostname()}:${port}`;
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
