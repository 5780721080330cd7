import { createRequire } from "node:module";
import type { PushMetricExporter } from "@opentelemetry/sdk-metrics";
import { GRPC_PACKAGE, hasGrpc } from "./grpc.ts";

/** How an OTLP exporter pushes. What is left out it reads from its environment variables. */
export interface OtlpExporterOptions {
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMillis?: number;
}

/** A class of OTLP exporters. They retry a failed export until the time for one export is over. */
export type OtlpExporterClass = new (options?: OtlpExporterOptions) => PushMetricExporter;

/** Exporters are loaded when they are needed. An application that is scraped loads none. */
const load = createRequire(import.meta.url);

const OTLP_EXPORTERS = {
  grpc: () => load("@opentelemetry/exporter-metrics-otlp-grpc"),
  "http/json": () => load("@opentelemetry/exporter-metrics-otlp-http"),
  "http/protobuf": () => load("@opentelemetry/exporter-metrics-otlp-proto"),
} as const satisfies Record<string, () => { readonly OTLPMetricExporter: OtlpExporterClass }>;

/** A value of `OTEL_EXPORTER_OTLP_PROTOCOL`. */
export type OtlpProtocol = keyof typeof OTLP_EXPORTERS;

/** @throws Error if the package for gRPC is needed and not installed. */
export function otlpExporterClass(protocol: OtlpProtocol): OtlpExporterClass {
  if (protocol === "grpc" && !hasGrpc())
    throw new Error(`OTLP over gRPC needs a package that is not installed: npm install ${GRPC_PACKAGE}`);
  return OTLP_EXPORTERS[protocol]().OTLPMetricExporter;
}
