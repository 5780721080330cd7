import { HANDED_ON } from "../core/handed-on.ts";
import { nearestNames } from "../core/nearest-names.ts";
import type { Variables } from "./environment.ts";
import { settings } from "./settings.ts";

const PREFIX = "OTEL_FORECAST_";
/** Kubernetes sets such variables in every container, for a service with a name like ours. */
const OF_A_SERVICE = /_SERVICE_(HOST|PORT)(_\w+)?$|_PORT_\d+_(TCP|UDP|SCTP)(_\w+)?$/;
const SERVICE_ADDRESS = /^(tcp|udp|sctp):\/\//;

/** One line for each variable that is named like ours and that nothing reads: a slip of the hand. */
export function unknownVariables(variables: Variables): string[] {
  const ours = Object.values(settings)
    .map(({ variable }) => variable)
    .filter((name) => name.startsWith(PREFIX));
  const read = new Set<string>([...ours, ...Object.values(HANDED_ON)]);
  return Object.entries(variables)
    .filter(([name, value]) => name.startsWith(PREFIX) && !read.has(name) && isMeantForUs(name, value))
    .map(
      ([name]) =>
        `${name} is not a variable of otel-forecast; did you mean ${nearestNames(name, ours).join(", ")}?`,
    );
}

function isMeantForUs(name: string, value = ""): boolean {
  return value.trim() !== "" && !OF_A_SERVICE.test(name) && !SERVICE_ADDRESS.test(value);
}
