/** The client of Kafka. Only a gateway that reads from Kafka needs it, so it is an optional peer dependency. */
export type Kafka = typeof import("@platformatic/kafka");

const KAFKA_PACKAGE = "@platformatic/kafka";

/**
 * Loads the client of Kafka.
 *
 * @throws Error if it is missing, with the command that installs it.
 */
export async function loadKafka(): Promise<Kafka> {
  try {
    return await import("@platformatic/kafka");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new Error(`receivers.kafka needs a package that is not installed: npm install ${KAFKA_PACKAGE}`, {
      cause: error,
    });
  }
}
