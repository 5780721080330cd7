import type { ConnectionOptions } from "@platformatic/kafka";
import type { KafkaLogin, KafkaSettings } from "../../config/gateway/kafka-settings.ts";
import { readConfigFile } from "../../config/read-config-file.ts";
import { messageOf } from "../../core/text-of.ts";

type Pem = "ca" | "cert" | "key";

/**
 * How a connection to Kafka is encrypted, and how it logs in. The files are read each time.
 *
 * @throws Error that names the key and the file that can't be read.
 */
export function kafkaConnection({ tls, sasl }: KafkaSettings): Pick<ConnectionOptions, "tls" | "sasl"> {
  return {
    ...(tls === undefined
      ? {}
      : {
          tls: { ...pemOf("ca", tls.caFile), ...pemOf("cert", tls.certFile), ...pemOf("key", tls.keyFile) },
        }),
    ...(sasl === undefined ? {} : { sasl: loginOf(sasl) }),
  };
}

function pemOf(name: Pem, file: string | undefined): Partial<Record<Pem, string>> {
  return file === undefined ? {} : { [name]: contentOf(`tls.${name}File`, file) };
}

function loginOf({ mechanism, username, passwordFile }: KafkaLogin): NonNullable<ConnectionOptions["sasl"]> {
  return { mechanism, username, password: contentOf("sasl.passwordFile", passwordFile).trim() };
}

function contentOf(key: string, file: string): string {
  try {
    return readConfigFile(file);
  } catch (error) {
    throw new Error(`receivers.kafka.${key}: ${file} can't be read: ${messageOf(error)}`, { cause: error });
  }
}
