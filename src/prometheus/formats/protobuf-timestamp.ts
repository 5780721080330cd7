import type { HrTime } from "@opentelemetry/api";
import { MessageWriter } from "../../wire/remote/message-writer.ts";

/** The fields of `google.protobuf.Timestamp`. */
const TIMESTAMP = { seconds: 1, nanos: 2 };

/** A time as a message. A foreign producer may give none, or anything: then there is no message. */
export function timestampMessage(time: HrTime | undefined): Uint8Array | undefined {
  const [seconds, nanos] = Array.isArray(time) ? time : [];
  if (!Number.isSafeInteger(seconds) || !Number.isSafeInteger(nanos) || !((seconds as number) > 0))
    return undefined;
  const message = new MessageWriter();
  message.int(TIMESTAMP.seconds, seconds as number);
  message.int(TIMESTAMP.nanos, nanos as number);
  return message.finish();
}
