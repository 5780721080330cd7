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

export type DetectorName = "env" | "host" | "os" | "process" | "serviceinstance";

/** By the names that the SDK for Node gives them in `OTEL_NODE_RESOURCE_DETECTORS`. */
const DETECTORS: Readonly<Record<DetectorName, ResourceDetector>> = {
  env: envDetector,
  host: hostDetector,
  os: osDetector,
  process: processDetector,
  serviceinstance: serviceInstanceIdDetector,
};

export const DETECTOR_NAMES = Object.keys(DETECTORS) as readonly DetectorName[];

/** `host.arch` of the semantic conventions, where Node has another word. */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  x64: "amd64",
  ia32: "x86",
  arm: "arm32",
  ppc: "ppc32",
};

/** Made a moment later: to make it takes milliseconds, and nobody asks for it before. */
const instanceId: ResourceDetector = {
  detect: () => ({
    attributes: {
      [ATTR_SERVICE_INSTANCE_ID]: new Promise<string>((resolve) => {
        setImmediate(() => resolve(randomUUID())).unref();
      }),
    },
  }),
};

/** Of a process what tells nobody a secret: no arguments, which may hold one, no path and no owner. */
const processWithoutSecrets: ResourceDetector = {
  detect: () => ({
    attributes: {
      "process.pid": process.pid,
      "process.runtime.name": "nodejs",
      "process.runtime.version": process.versions.node,
    },
  }),
};

/** Without the machine's id, for which some systems start a process. */
const hostWithoutId: ResourceDetector = {
  detect: () => ({ attributes: { "host.name": hostname(), "host.arch": ARCHITECTURES[arch()] ?? arch() } }),
};

const WITHOUT_SECRETS = [instanceId, processWithoutSecrets, hostWithoutId, osDetector, envDetector];

/**
 * The resource of this service, process and host. Without `detectors`, it contains no secrets; `OTEL_SERVICE_NAME` and
 * `OTEL_RESOURCE_ATTRIBUTES` are part of it.
 */
export function detectedResource(detectors: readonly DetectorName[] | undefined): Resource {
  return ofSdkAndName().merge(
    detectResources({ detectors: detectors?.map((name) => DETECTORS[name]) ?? WITHOUT_SECRETS }),
  );
}

/** The SDK's default names the program by how it was called: with its path, where a launcher calls it by that. */
function ofSdkAndName(): Resource {
  const name = `unknown_service:${basename(process.argv0)}`;
  return defaultResource().merge(resourceFromAttributes({ [ATTR_SERVICE_NAME]: name }));
}

/** The name of the service, from what can be known at once: `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`, default. */
export function detectedServiceName(): string {
  const { attributes } = ofSdkAndName().merge(detectResources({ detectors: [envDetector] }));
  const name = attributes[ATTR_SERVICE_NAME];
  return typeof name === "string" && name !== "" ? name : "unknown_service:node";
}
