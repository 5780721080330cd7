import { ProtobufWriter } from "../protobuf-writer.ts";
import { type ExportResult, REJECTIONS } from "./export-result.ts";

/** How a message is encoded. */
export type OtlpFormat = "protobuf" | "json";

/** A `google.rpc.Status`: what the receiver says when it refuses a request. */
export interface RefusalStatus {
  /** A code of gRPC. */
  readonly code: number;
  readonly message: string;
  /** When the sender may try again; `undefined`: trying again does not help, or nobody knows. */
  readonly retryAfterSeconds?: number | undefined;
}

const RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo";

/**
 * The `ExportMetricsServiceResponse`. It tells how many points were rejected, and why. If none was,
 * it is empty. https://opentelemetry.io/docs/specs/otlp/#partial-success
 */
export function encodeResponse(result: ExportResult, format: OtlpFormat): Buffer {
  let rejected = 0;
  for (const count of result.rejected.values()) rejected += count;
  const message = messageOf(result);
  if (format === "json") {
    const partialSuccess = { rejectedDataPoints: String(rejected), errorMessage: message };
    return Buffer.from(JSON.stringify(rejected === 0 ? {} : { partialSuccess }));
  }
  const partialSuccess = new ProtobufWriter().number(1, rejected).text(2, message).finish();
  return new ProtobufWriter().bytes(1, partialSuccess).finish();
}

/** The body of an answer that refuses a request. */
export function encodeStatus(status: RefusalStatus, format: OtlpFormat): Buffer {
  const { code, message, retryAfterSeconds } = status;
  if (format === "json") {
    const details =
      retryAfterSeconds === undefined
        ? {}
        : { details: [{ "@type": RETRY_INFO, retryDelay: `${retryAfterSeconds}s` }] };
    return Buffer.from(JSON.stringify({ code, message, ...details }));
  }
  const writer = new ProtobufWriter().number(1, code).text(2, message);
  if (retryAfterSeconds !== undefined) {
    const duration = new ProtobufWriter().number(1, retryAfterSeconds).finish();
    const retryInfo = new ProtobufWriter().bytes(1, duration).finish();
    writer.bytes(3, new ProtobufWriter().text(1, RETRY_INFO).bytes(2, retryInfo).finish());
  }
  return writer.finish();
}

function messageOf({ rejected }: ExportResult): string {
  return Array.from(rejected, ([reason, count]) => `${count} x ${REJECTIONS[reason]}`).join("; ");
}
