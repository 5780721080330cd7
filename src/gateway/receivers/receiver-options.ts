import type { PointIntake } from "../../core/point-intake.ts";
import type { WebConfigSource } from "../../prometheus/web/web-config.ts";
import type { BodyLimits } from "./body.ts";
import type { Capacity } from "./capacity.ts";
import type { ReceiverObserver } from "./observer.ts";
import type { PostponedBecause } from "./postponement.ts";

/** Where a receiver listens. */
export interface ListenAddress {
  /** Name or address of a network interface. `localhost` is 127.0.0.1. */
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
}

/** Who may send to a receiver. */
export interface ReceiverAccessOptions {
  /** The web configuration file; `undefined`: no encryption and no users. */
  readonly webConfig?: WebConfigSource | undefined;
  /** Let senders in as the users of the web configuration do. */
  readonly bearerTokens?: readonly string[] | undefined;
  /** The path of a file with such tokens. */
  readonly bearerTokenFile?: string | undefined;
  /** Whether other machines are only let in with a login; default `true`. */
  readonly requiresLogin?: boolean | undefined;
}

/** The limits of a receiver. */
export interface ReceiverLimits extends BodyLimits {
  readonly connections: number;
}

/** What every receiver of OTLP needs. */
export interface OtlpReceiverOptions extends ReceiverAccessOptions {
  readonly address: ListenAddress;
  /** Where the points of a tenant go; of all senders, if there is no header for tenants. */
  readonly intakeFor: (tenant?: string) => PointIntake;
  /** The header, or metadata of gRPC, that names the tenant. */
  readonly tenantHeader?: string | undefined;
  /** Shared by all receivers of a gateway. */
  readonly capacity: Capacity;
  /** Why requests should be sent again later. Default: they are taken now. */
  readonly postponedBecause?: PostponedBecause;
  readonly observer: ReceiverObserver;
  readonly limits?: Partial<ReceiverLimits> | undefined;
}

/** The limits that apply unless others are given. */
export const RECEIVER_LIMITS: ReceiverLimits = {
  maxBodyBytes: 64 * 2 ** 20,
  stalledMillis: 10_000,
  requestMillis: 60_000,
  connections: 4096,
};
