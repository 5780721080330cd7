import type { IncomingMessage, ServerResponse } from "node:http";
import { clearTimeout, setTimeout } from "node:timers";
import { encodeStatus, type OtlpFormat } from "../../wire/otlp/encode-answer.ts";
import { SUPPORTED_ENCODINGS } from "./content-encoding.ts";
import type { Refusal } from "./refusal.ts";

const TYPES: Readonly<Record<OtlpFormat, string>> = {
  protobuf: "application/x-protobuf",
  json: "application/json",
};
/** How long the rest of a refused body may come, so that its sender reads the answer. */
const LINGER_MILLIS = 2000;

/** The format that a `Content-Type` header names; `undefined`: none that we know. */
export function formatOf(contentType: string | undefined): OtlpFormat | undefined {
  const [type = ""] = (contentType ?? "").toLowerCase().split(";");
  if (type.trim() === TYPES.protobuf) return "protobuf";
  return type.trim() === TYPES.json ? "json" : undefined;
}

/** Ends a response. */
export function answer(response: ServerResponse, status: number, body: Buffer, format: OtlpFormat): void {
  response.statusCode = status;
  response.setHeader("content-type", TYPES[format]);
  response.setHeader("content-length", body.length);
  response.end(body);
}

/**
 * Ends the response of a refused request with a `google.rpc.Status`, in the format of the request. The
 * rest of its body is thrown away for some time: a connection that is closed at once would lose the
 * answer.
 */
export function answerRefusal(
  request: IncomingMessage,
  response: ServerResponse,
  refusal: Refusal,
  format: OtlpFormat,
): void {
  const { status, httpStatus, reason } = refusal;
  if (status.retryAfterSeconds !== undefined) response.setHeader("retry-after", status.retryAfterSeconds);
  if (reason === "unauthenticated")
    response.setHeader("www-authenticate", ['Basic realm="otel-forecast"', 'Bearer realm="otel-forecast"']);
  if (reason === "wrong_method") response.setHeader("allow", "POST");
  if (reason === "unsupported_encoding") response.setHeader("accept-encoding", SUPPORTED_ENCODINGS);
  answer(response, httpStatus, encodeStatus(status, format), format);
  if (request.complete) return;
  const linger = setTimeout(() => request.socket.destroy(), LINGER_MILLIS).unref();
  request.once("close", () => clearTimeout(linger)).resume();
}
