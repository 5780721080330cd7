import {
  defaultResource,
  detectResources,
  envDetector,
  hostDetector,
  osDetector,
  processDetector,
  type Resource,
  serviceInstanceIdDetector,
} from "@opentelemetry/resources";
import { ATTR_SERVICE_NAME } from "@opentelemetry/semantic-conventions";

/** The resource that an OpenTelemetry SDK finds by itself: service, process, host, and what the variables say. */
export function detectedResource(): Resource {
  const detectors = [serviceInstanceIdDetector, processDetector, hostDetector, osDetector, envDetector];
  return defaultResource().merge(detectResources({ detectors }));
}

/** The name of the service, from what can be known at once: `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`, default. */
export function detectedServiceName(): string {
  const { attributes } = defaultResource().merge(detectResources({ detectors: [envDetector] }));
  const name = attributes[ATTR_SERVICE_NAME];
  return typeof name === "string" && name !== "" ? name : "unknown_service:node";
}
