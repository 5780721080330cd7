import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "@platformatic/kafka";
import type { KafkaSettings } from "../../config/gateway/kafka-settings.ts";
import { messageOf } from "../../core/text-of.ts";

/**
 * How a connection to Kafka is encrypted, and how it logs in. The files are read each time.
 *
 * @throws Error that names the key and the file that can't be read.
 */
export function kafkaConnection({ tls, sasl }: KafkaSettings): Pick<ConnectionOptions, "tls" | "sasl"> {
  const ca = contentOf("tls.caFile", tls?.caFile);
  const cert = contentOf("tls.certFile", tls?.certFile);
  const key = contentOf("tls.keyFile", tls?.keyFile);
  const password = contentOf("sasl.passwordFile", sasl?.passwordFile)?.trim();
  return {
    ...(tls === undefined
      ? {}
      : {
          tls: {
            ...(ca === undefined ? {} : { ca }),
            ...(cert === undefined ? {} : { cert }),
            ...(key === undefined ? {} : { key }),
          },
        }),
    ...(sasl === undefined || password === undefined
      ? {}
      : { sasl: { mechanism: sasl.mechanism, username: sasl.username, password } }),
  };
}

function contentOf(key: string, file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(`receivers.kafka.${key}: ${file} can't be read: ${messageOf(error)}`, { cause: error });
  }
}
