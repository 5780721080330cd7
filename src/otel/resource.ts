import { randomUUID } from "node:crypto";
import { arch, hostname } from "node:os";
import { basename } from "node:path";
import { setImmediate } from "node:timers";
import { getStringListFromEnv } from "@opentelemetry/core";
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
import { log } from "../logging/component-logger.ts";

const DETECTORS_VARIABLE = "OTEL_NODE_RESOURCE_DETECTORS";

/** By the names that the SDK for Node gives them in `OTEL_NODE_RESOURCE_DETECTORS`. */
const DETECTORS: Readonly<Record<string, ResourceDetector>> = {
  env: envDetector,
  host: hostDetector,
  os: osDetector,
  process: processDetector,
  serviceinstance: serviceInstanceIdDetector,
};

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

/**
 * What is told of this service, process and host: what `OTEL_NODE_RESOURCE_DETECTORS` asks for, else what is no secret; and
 * what `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` say.
 */
export function detectedResource(): Resource {
  return ofSdkAndName().merge(detectResources({ detectors: askedDetectors() }));
}

/** The SDK's default names the program by how it was called: with its path, where a launcher calls it by that. */
function ofSdkAndName(): Resource {
  const name = `unknown_service:${basename(process.argv0)}`;
  return defaultResource().merge(resourceFromAttributes({ [ATTR_SERVICE_NAME]: name }));
}

function askedDetectors(): ResourceDetector[] {
  const asked = getStringListFromEnv(DETECTORS_VARIABLE);
  if (asked === undefined) return [instanceId, processWithoutSecrets, hostWithoutId, osDetector, envDetector];
  if (asked.includes("all")) return Object.values(DETECTORS);
  for (const name of asked.filter((name) => name !== "none" && !Object.hasOwn(DETECTORS, name))) {
    const known = Object.keys(DETECTORS).join(", ");
    log.warn(`${DETECTORS_VARIABLE}: "${name}" is not one of ${known}, all, none; it is left out`);
  }
  const detectors = asked.flatMap((name) => (Object.hasOwn(DETECTORS, name) ? [DETECTORS[name]] : []));
  return detectors as ResourceDetector[];
}

/** The name of the service, from what can be known at once: `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`, default. */
export function detectedServiceName(): string {
  const { attributes } = ofSdkAndName().merge(detectResources({ detectors: [envDetector] }));
  const name = attributes[ATTR_SERVICE_NAME];
  return typeof name === "string" && name !== "" ? name : "unknown_service:node";
}
