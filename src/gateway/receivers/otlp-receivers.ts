import type { GatewaySettings } from "../../config/gateway/gateway-settings.ts";
import { webConfigFile } from "../../config/web/web-config-file.ts";
import type { GatewayCounts } from "../self-observation.ts";
import type { StreamTable } from "../streams/stream-table.ts";
import { bytesInFlightFor, Capacity } from "./capacity.ts";
import { OtlpGrpcReceiver } from "./otlp-grpc.ts";
import { OtlpHttpReceiver } from "./otlp-http.ts";
import type { PostponedBecause } from "./postponement.ts";
import type { OtlpReceiverOptions } from "./receiver-options.ts";

/** Listens for points that other processes send. */
export interface Receiver {
  readonly port: number | undefined;
  /** @throws Error if it cannot or must not listen at its address. */
  start(): Promise<void>;
  shutdown(): Promise<void>;
}

/** What the receivers of a gateway need beside its settings. */
export interface OtlpReceiversParts {
  readonly streams: StreamTable;
  readonly counts: GatewayCounts;
  /** Whether other machines are let in without a login. */
  readonly isInsecure: boolean;
  /** Why nothing is taken now. */
  readonly postponedBecause: PostponedBecause;
}

/** The receivers of OTLP that the settings ask for, by the protocol in the metrics of the gateway. */
export function otlpReceivers(
  { receivers, limits, tenants, webConfigFile: file }: GatewaySettings,
  { streams, counts, isInsecure, postponedBecause }: OtlpReceiversParts,
): ReadonlyMap<string, Receiver> {
  const capacity = new Capacity(bytesInFlightFor(limits.bodyBytes));
  const options = (name: string, address: OtlpReceiverOptions["address"]): OtlpReceiverOptions => ({
    address,
    intakeFor: (tenant) => streams.intakeFor(tenant),
    tenantHeader: tenants.header,
    capacity,
    postponedBecause,
    observer: {
      received: (points, tenant) => counts.received(name, points, tenant),
      refused: (reason, count, tenant) => counts.refused(name, reason, count, tenant),
    },
    limits: { maxBodyBytes: limits.bodyBytes },
    bearerTokenFile: receivers.bearerTokenFile,
    webConfig: file === undefined ? undefined : webConfigFile(file),
    requiresLogin: !isInsecure,
  });
  const found = new Map<string, Receiver>();
  const { otlpGrpc, otlpHttp } = receivers;
  if (otlpGrpc !== undefined) found.set("otlp_grpc", new OtlpGrpcReceiver(options("otlp_grpc", otlpGrpc)));
  if (otlpHttp !== undefined) found.set("otlp_http", new OtlpHttpReceiver(options("otlp_http", otlpHttp)));
  return found;
}
