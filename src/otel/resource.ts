import { randomUUID } from "node:crypto";
import { arch, hostname } from "node:os";
import { basename } from "node:path";
import { setImmediate } from "node:timers/promises";
import {
  defaultResource,
  detectResources,
  hostDetector,
  osDetector,
  processDetector,
  type Resource,
  type ResourceDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from "@opentelemetry/resources";
import { ATTR_SERVICE_INSTANCE_ID, ATTR_SERVICE_NAME } from "@opentelemetry/semantic-conventions";
import { log } from "../logging/component-logger.ts";
import { readResourceAttributes } from "./resource-attributes.ts";

/** A detector of `OTEL_NODE_RESOURCE_DETECTORS`. */
export type DetectorName = "env" | "host" | "os" | "process" | "serviceinstance";

/** What variables specify of the resource. */
export interface ResourceVariables {
  /** The detectors to use instead of the default ones. */
  readonly resourceDetectors: readonly DetectorName[] | undefined;
  /** `OTEL_SERVICE_NAME` */
  readonly serviceName: string | undefined;
  /** `OTEL_RESOURCE_ATTRIBUTES` */
  readonly resourceAttributes: string | undefined;
}

/** By the names of `OTEL_NODE_RESOURCE_DETECTORS` in the SDK for Node, apart from `env`. */
const DETECTORS: Readonly<Record<Exclude<DetectorName, "env">, ResourceDetector>> = {
  host: hostDetector,
  os: osDetector,
  process: processDetector,
  serviceinstance: serviceInstanceIdDetector,
};

/** All detectors, for the value `all` and for messages. */
export const DETECTOR_NAMES: readonly DetectorName[] = [
  "env",
  ...(Object.keys(DETECTORS) as (keyof typeof DETECTORS)[]),
];

/** Values of `host.arch` in the semantic conventions, if they differ from those of Node. */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  x64: "amd64",
  ia32: "x86",
  arm: "arm32",
  ppc: "ppc32",
};

const instanceId: ResourceDetector = {
  detect: () => ({ attributes: { [ATTR_SERVICE_INSTANCE_ID]: laterId() } }),
};

/**
 * Created a moment later: creating it takes milliseconds, and it is not needed earlier. Where it can't be
 * created, such as with a small `--secure-heap`, the attribute is missing.
 */
async function laterId(): Promise<string> {
  await setImmediate(undefined, { ref: false });
  return randomUUID();
}

/** Attributes of the process without secrets: no arguments, no path and no owner. */
const processWithoutSecrets: ResourceDetector = {
  detect: () => ({
    attributes: {
      "process.pid": process.pid,
      "process.runtime.name": "nodejs",
      "process.runtime.version": process.versions.node,
    },
  }),
};

/** Without the id of the machine: to read it, some systems start a process. */
const hostWithoutId: ResourceDetector = {
  detect: () => ({ attributes: { "host.name": hostname(), "host.arch": ARCHITECTURES[arch()] ?? arch() } }),
};

const WITHOUT_SECRETS = [instanceId, processWithoutSecrets, hostWithoutId, osDetector];

/**
 * The resource of this service, process and host. By default it contains no secrets, and includes
 * `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES`. What is wrong with these is logged.
 */
export function detectedResource(variables: ResourceVariables): Resource {
  const { resourceDetectors } = variables;
  const fromVariables: ResourceDetector = {
    detect: () => ({ attributes: attributesOf(variables, log.warn) }),
  };
  const detectors = resourceDetectors?.map((name) => (name === "env" ? fromVariables : DETECTORS[name]));
  return ofSdkAndName().merge(
    detectResources({ detectors: detectors ?? [...WITHOUT_SECRETS, fromVariables] }),
  );
}

function attributesOf(
  { serviceName, resourceAttributes = "" }: ResourceVariables,
  warn: (message: string) => void,
): Readonly<Record<string, string>> {
  const { attributes, faults } = readResourceAttributes(resourceAttributes);
  for (const fault of faults) warn(`OTEL_RESOURCE_ATTRIBUTES: ${fault}; it is left out`);
  return serviceName === undefined ? attributes : { ...attributes, [ATTR_SERVICE_NAME]: serviceName };
}

/** The SDK's default service name contains the path of Node if a launcher starts it by its path. */
function ofSdkAndName(): Resource {
  const name = `unknown_service:${basename(process.argv0)}`;
  return defaultResource().merge(resourceFromAttributes({ [ATTR_SERVICE_NAME]: name }));
}

/**
 * The name of the service, without waiting for detectors: from `OTEL_SERVICE_NAME`,
 * `OTEL_RESOURCE_ATTRIBUTES` or the default. Logs nothing.
 */
export function detectedServiceName(variables: ResourceVariables): string {
  const name =
    attributesOf(variables, () => {})[ATTR_SERVICE_NAME] ?? ofSdkAndName().attributes[ATTR_SERVICE_NAME];
  return typeof name === "string" && name !== "" ? name : "unknown_service:node";
}
