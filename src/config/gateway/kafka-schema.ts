import * as v from "valibot";
import { mappingOf } from "../../core/mapping.ts";
import { duration, oneOf, text } from "../schema.ts";
import { parseAddress } from "./address.ts";

const broker = v.pipe(
  v.string(),
  v.check(
    (it) => parseAddress(it)?.host !== "::" && parseAddress(it) !== undefined,
    "must be HOST:PORT such as kafka-0:9092",
  ),
);

/** Names of topics, as Kafka checks them. `.` and `..` would be folders. */
const topic = v.pipe(
  v.string(),
  v.regex(
    /^(?!\.{1,2}$)[\w.-]{1,249}$/,
    "must be the name of a topic: up to 249 letters, digits, dots, underscores and hyphens",
  ),
);

/** The Kafka topic that a gateway reads, in its file. */
export const kafkaEntry = mappingOf({
  brokers: v.pipe(v.array(broker), v.minLength(1, "must name at least one broker, such as kafka-0:9092")),
  topic,
  group: v.optional(text),
  instance: v.optional(text),
  encoding: v.optional(oneOf(["otlp_proto", "otlp_json"])),
  initialOffset: v.optional(oneOf(["latest", "earliest"])),
  sessionTimeout: v.optional(duration),
  tls: v.optional(
    mappingOf({ caFile: v.optional(text), certFile: v.optional(text), keyFile: v.optional(text) }),
  ),
  sasl: v.optional(
    mappingOf({
      mechanism: oneOf(["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]),
      username: text,
      passwordFile: text,
    }),
  ),
});
