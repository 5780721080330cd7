import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { EventEmitter } from "node:events";

/** The client of Kafka. Only a gateway that reads from Kafka needs it, so it is an optional peer dependency. */
export type Kafka = typeof import("@platformatic/kafka");

const KAFKA_PACKAGE = "@platformatic/kafka";
/** Where the client publishes what it makes. */
const INSTANCES = "plt:kafka:instances";

/**
 * Loads the client of Kafka.
 *
 * @throws Error if it is missing, with the command that installs it.
 */
export async function loadKafka(): Promise<Kafka> {
  // Once, however often this is called.
  unsubscribe(INSTANCES, hearErrors);
  subscribe(INSTANCES, hearErrors);
  try {
    return await import("@platformatic/kafka");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new Error(`receivers.kafka needs a package that is not installed: npm install ${KAFKA_PACKAGE}`, {
      cause: error,
    });
  }
}

/**
 * A connection that a broker closes while it logs in rejects what waited for it, and then emits another
 * error. Without a listener, that one would end the process.
 */
function hearErrors(message: unknown): void {
  const { type, instance } = message as { readonly type: string; readonly instance: EventEmitter };
  if (type === "connection") instance.on("error", () => {});
}
