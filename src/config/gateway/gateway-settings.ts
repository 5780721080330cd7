import { parseDuration } from "../../core/horizon.ts";
import type { Accepted } from "../schema.ts";
import { type Address, parseAddress } from "./address.ts";
import type { gatewayFile } from "./gateway-schema.ts";
import { type KafkaSettings, kafkaSettings } from "./kafka-settings.ts";

/** What a file may say that only gateways have. */
export type GatewayFile = Accepted<typeof gatewayFile>;
type SourceEntry = NonNullable<GatewayFile["sources"]>[number];
type OutputsEntry = NonNullable<GatewayFile["outputs"]>;

/** A Prometheus API that is asked for series and for their past. */
export interface PrometheusSource {
  readonly url: string;
  /** PromQL by the name of the series that it gives. */
  readonly queries: ReadonlyMap<string, string>;
  /** Default: the collection interval. */
  readonly intervalMillis: number | undefined;
  /** `undefined`: its past is not asked for. */
  readonly backfill: { readonly concurrency: number; readonly timeLimitMillis: number } | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a gateway does, checked and with its defaults. */
export interface GatewaySettings {
  readonly intervalMillis: number | undefined;
  readonly receivers: {
    readonly otlpGrpc: Address | undefined;
    readonly otlpHttp: Address | undefined;
    /** The path of a file with tokens that let senders of OTLP in. */
    readonly bearerTokenFile: string | undefined;
    /** The path on the web port; `undefined`: remote write is not received. */
    readonly remoteWritePath: string | undefined;
    /** `undefined`: nothing is read from Kafka. */
    readonly kafka: KafkaSettings | undefined;
  };
  readonly sources: readonly PrometheusSource[];
  readonly outputs: {
    readonly web: Address;
    readonly remoteRead: boolean;
    readonly remoteWrite: readonly RemoteWriteOutput[];
    readonly otlp: readonly OtlpOutput[];
  };
  readonly members: { readonly count: number; readonly number: number | "env"; readonly replicas: number };
  readonly stateDirectory: string | undefined;
  /** The folder of what is known of the partitions of a Kafka topic. Members may share it. */
  readonly partitionsDirectory: string | undefined;
  /** The time between two saves of the state; `undefined`: the default. */
  readonly saveMillis: number | undefined;
  readonly limits: {
    readonly series: number | undefined;
    readonly streams: number | undefined;
    readonly bodyBytes: number;
    /** Of the memory that the process may use, 0 to 1. */
    readonly memoryShare: number;
  };
  readonly tenants: { readonly header: string | undefined; readonly label: string };
  readonly webConfigFile: string | undefined;
}

/** Where forecasts are written to by Prometheus remote write. */
export interface RemoteWriteOutput {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** How far the path ahead is written too; 0: not at all. */
  readonly futureMillis: number;
}

/** Where forecasts are pushed to by OTLP. */
export interface OtlpOutput {
  readonly endpoint: string;
  readonly protocol: "http/protobuf" | "http/json" | "grpc";
  readonly headers: Readonly<Record<string, string>>;
}

const LOOPBACK = "127.0.0.1";
const DEFAULT_GRPC: Address = { host: LOOPBACK, port: 4317 };
const DEFAULT_HTTP: Address = { host: LOOPBACK, port: 4318 };
const DEFAULT_WEB: Address = { host: LOOPBACK, port: 9464 };
const DEFAULT_BODY_MIB = 64;
const DEFAULT_MEMORY_SHARE = 0.7;
const DEFAULT_CONCURRENCY = 4;
const DEFAULT_BACKFILL_SECONDS = 600;

/** The settings of a gateway, with the defaults of what its file leaves open. */
export function gatewaySettings(file: Partial<GatewayFile> = {}): GatewaySettings {
  const { members, limits, tenants, outputs = {} } = file;
  return {
    intervalMillis: millisOf(file.interval),
    receivers: receiversOf(file),
    sources: (file.sources ?? []).map(sourceOf),
    outputs: {
      web: addressOf(outputs.prometheus?.address) ?? DEFAULT_WEB,
      remoteRead: outputs.remoteRead !== undefined,
      remoteWrite: (outputs.remoteWrite ?? []).map(remoteWriteOf),
      otlp: (outputs.otlp ?? []).map(otlpOf),
    },
    members: { count: members?.count ?? 1, number: members?.number ?? 0, replicas: members?.replicas ?? 1 },
    stateDirectory: file.state?.directory,
    partitionsDirectory: file.state?.partitions ?? file.state?.directory,
    saveMillis: millisOf(file.state?.interval),
    limits: {
      series: limits?.series,
      streams: limits?.streams,
      bodyBytes: (limits?.bodyMiB ?? DEFAULT_BODY_MIB) * 2 ** 20,
      memoryShare:
        limits?.memory === undefined ? DEFAULT_MEMORY_SHARE : Number.parseInt(limits.memory, 10) / 100,
    },
    tenants: { header: tenants?.header, label: tenants?.label ?? "tenant" },
    webConfigFile: file.web,
  };
}

/** Without receivers and sources, a gateway receives OTLP on the usual ports of this machine. */
function receiversOf({ receivers, sources }: Partial<GatewayFile>): GatewaySettings["receivers"] {
  const isBare = receivers === undefined && (sources ?? []).length === 0;
  const otlp = isBare ? {} : receivers?.otlp;
  const { remoteWrite, kafka } = receivers ?? {};
  return {
    // `otlp: {}` means both ports; with one of them named, only that one.
    otlpGrpc:
      addressOf(otlp?.grpc) ?? (otlp !== undefined && otlp.http === undefined ? DEFAULT_GRPC : undefined),
    otlpHttp:
      addressOf(otlp?.http) ?? (otlp !== undefined && otlp.grpc === undefined ? DEFAULT_HTTP : undefined),
    bearerTokenFile: otlp?.bearerTokens,
    remoteWritePath: remoteWrite === undefined ? undefined : (remoteWrite.path ?? "/api/v1/write"),
    kafka: kafka === undefined ? undefined : kafkaSettings(kafka),
  };
}

function sourceOf({ prometheus, queries, interval, backfill, headers = {} }: SourceEntry): PrometheusSource {
  return {
    url: prometheus,
    queries: new Map(Object.entries(queries ?? {})),
    intervalMillis: millisOf(interval),
    backfill: {
      concurrency: backfill?.concurrency ?? DEFAULT_CONCURRENCY,
      timeLimitMillis: millisOf(backfill?.timeLimit) ?? DEFAULT_BACKFILL_SECONDS * 1000,
    },
    headers,
  };
}

function remoteWriteOf({
  url,
  headers = {},
  future,
}: NonNullable<OutputsEntry["remoteWrite"]>[number]): RemoteWriteOutput {
  return { url, headers, futureMillis: millisOf(future) ?? 0 };
}

function otlpOf({
  endpoint,
  protocol = "http/protobuf",
  headers = {},
}: NonNullable<OutputsEntry["otlp"]>[number]): OtlpOutput {
  return { endpoint, protocol, headers };
}

function addressOf(text: string | undefined): Address | undefined {
  return text === undefined ? undefined : parseAddress(text);
}

function millisOf(duration: string | undefined): number | undefined {
  const seconds = duration === undefined ? undefined : parseDuration(duration);
  return seconds === undefined ? undefined : seconds * 1000;
}
