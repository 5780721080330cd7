import type { Exemplar } from "../../core/exemplar.ts";
import { MessageWriter } from "../../wire/remote/message-writer.ts";
import { timestampMessage } from "./protobuf-timestamp.ts";

/** The fields of `io.prometheus.client.Exemplar` and `LabelPair`. */
const EXEMPLAR_FIELDS = { label: 1, value: 2, timestamp: 3 };
const LABEL = { name: 1, value: 2 };

/** An exemplar as a message. */
export function exemplarMessage({ traceId, spanId, value, at }: Exemplar): Uint8Array {
  const message = new MessageWriter();
  const label = new MessageWriter();
  for (const [name, text] of [
    ["trace_id", traceId],
    ["span_id", spanId],
  ] as const) {
    label.text(LABEL.name, name);
    label.text(LABEL.value, text);
    message.bytes(EXEMPLAR_FIELDS.label, label.finish());
  }
  message.double(EXEMPLAR_FIELDS.value, value);
  const timestamp = timestampMessage([Math.floor(at / 1000), Math.floor(at % 1000) * 1_000_000]);
  if (timestamp !== undefined) message.bytes(EXEMPLAR_FIELDS.timestamp, timestamp);
  return message.finish();
}
