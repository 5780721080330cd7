import { randomUUID } from "node:crypto";
import { arch, hostname } from "node:os";
import { basename } from "node:path";
import { setImmediate } from "node:timers";
import {
  defaultResource,
  detectResources,
  envDetector,
  hostDetector,
  osDetector,
  processDetector,
  type Resource,
  type ResourceDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from "@opentelemetry/resources";
import { ATTR_SERVICE_INSTANCE_ID, ATTR_SERVICE_NAME } from "@opentelemetry/semantic-conventions";

/** A detector of `OTEL_NODE_RESOURCE_DETECTORS`. */
export type DetectorName = "env" | "host" | "os" | "process" | "serviceinstance";

/** By the names of `OTEL_NODE_RESOURCE_DETECTORS` in the SDK for Node. */
const DETECTORS: Readonly<Record<DetectorName, ResourceDetector>> = {
  env: envDetector,
  host: hostDetector,
  os: osDetector,
  process: processDetector,
  serviceinstance: serviceInstanceIdDetector,
};

/** All detectors, for the value `all` and for messages. */
export const DETECTOR_NAMES = Object.keys(DETECTORS) as readonly DetectorName[];

/** Values of `host.arch` in the semantic conventions, if they differ from those of Node. */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  x64: "amd64",
  ia32: "x86",
  arm: "arm32",
  ppc: "ppc32",
};

/** Created a moment later: creating it takes milliseconds, and it is not needed earlier. */
const instanceId: ResourceDetector = {
  detect: () => ({
    attributes: {
      [ATTR_SERVICE_INSTANCE_ID]: new Promise<string>((resolve) => {
        setImmediate(() => resolve(randomUUID())).unref();
      }),
    },
  }),
};

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

const WITHOUT_SECRETS = [instanceId, processWithoutSecrets, hostWithoutId, osDetector, envDetector];

/**
 * The resource of this service, process and host. By default it contains no secrets, and includes
 * `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES`.
 *
 * @param detectors the detectors to use instead of the default ones.
 */
export function detectedResource(detectors: readonly DetectorName[] | undefined): Resource {
  return ofSdkAndName().merge(
    detectResources({ detectors: detectors?.map((name) => DETECTORS[name]) ?? WITHOUT_SECRETS }),
  );
}

/** The SDK's default service name contains the path of Node if a launcher starts it by its path. */
function ofSdkAndName(): Resource {
  const name = `unknown_service:${basename(process.argv0)}`;
  return defaultResource().merge(resourceFromAttributes({ [ATTR_SERVICE_NAME]: name }));
}

/**
 * The name of the service, without waiting for detectors: from `OTEL_SERVICE_NAME`,
 * `OTEL_RESOURCE_ATTRIBUTES` or the default.
 */
export function detectedServiceName(): string {
  const { attributes } = ofSdkAndName().merge(detectResources({ detectors: [envDetector] }));
  const name = attributes[ATTR_SERVICE_NAME];
  return typeof name === "string" && name !== "" ? name : "unknown_service:node";
}
