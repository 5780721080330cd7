import { parseDuration } from "../../core/horizon.ts";
import type { Accepted } from "../schema.ts";
import type { kafkaEntry } from "./kafka-schema.ts";

/** The Kafka topic that a gateway reads, checked and with the defaults. */
export interface KafkaSettings {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly group: string;
  /** The name of this member of the group. Default: that of the host. */
  readonly instance: string | undefined;
  readonly format: "protobuf" | "json";
  /** Where a partition begins of which nothing is known. */
  readonly initialOffset: "latest" | "earliest";
  /** A member that is silent for so long has gone. */
  readonly sessionMillis: number;
  /** Paths of PEM files; `undefined`: no encryption. */
  readonly tls:
    | { readonly caFile?: string; readonly certFile?: string; readonly keyFile?: string }
    | undefined;
  readonly sasl: KafkaLogin | undefined;
}

/** How a gateway logs in to Kafka. */
export interface KafkaLogin {
  readonly mechanism: "PLAIN" | "SCRAM-SHA-256" | "SCRAM-SHA-512";
  readonly username: string;
  readonly passwordFile: string;
}

const DEFAULT_GROUP = "otel-forecast";
/** That of Kafka's own consumers. */
const DEFAULT_SESSION_SECONDS = 45;

/** The settings of the Kafka receiver, with the defaults of what the file leaves open. */
export function kafkaSettings(entry: Accepted<typeof kafkaEntry>): KafkaSettings {
  const { brokers, topic, group, instance, encoding, initialOffset, sessionTimeout, tls, sasl } = entry;
  const sessionSeconds = sessionTimeout === undefined ? undefined : parseDuration(sessionTimeout);
  return {
    brokers,
    topic,
    group: group ?? DEFAULT_GROUP,
    instance,
    format: encoding === "otlp_json" ? "json" : "protobuf",
    initialOffset: initialOffset ?? "latest",
    sessionMillis: (sessionSeconds ?? DEFAULT_SESSION_SECONDS) * 1000,
    tls,
    sasl,
  };
}
