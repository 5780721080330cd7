import { hostname } from "node:os";
import type { GatewaySettings } from "../config/gateway/gateway-settings.ts";
import { numberOfHost, Ownership } from "./state/ownership.ts";

/**
 * Which series a member of a group of gateways forecasts; `undefined`: it is alone.
 *
 * @throws RangeError that names the key of the configuration file that is wrong.
 */
export function ownershipOf({ members }: GatewaySettings, host: string = hostname()): Ownership | undefined {
  const { count, replicas } = members;
  if (count === 1) return undefined;
  const number = members.number === "env" ? numberOfHost(host) : members.number;
  return new Ownership({ count, number, replicas });
}
