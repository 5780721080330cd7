import type { Attributes } from "@opentelemetry/api";
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_URL_SCHEME,
} from "@opentelemetry/semantic-conventions";
import { STREAM_ATTRIBUTE } from "../otel/semconv.ts";
import { grpcErrorOf, isCancelledCall } from "./grpc.ts";

const KNOWN_METHODS = ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"];
/** The client closed the request. No standard has this status; nginx and others use it in logs. */
const CLIENT_CLOSED_REQUEST = 499;
const CUT_OFF = "aborted";
/** Media types of responses that go on for as long as the client listens. */
const STREAM_TYPES = [
  "text/event-stream",
  "multipart/x-mixed-replace",
  "application/x-ndjson",
  "application/jsonl",
  "application/stream+json",
];

/** A request that a server of the process has served, and how it ended. */
export interface ServedRequest {
  readonly method: string | undefined;
  readonly scheme: "http" | "https";
  /** The status that was sent; `undefined` if none was. */
  readonly status: number | undefined;
  /**
   * - `complete`: the response was sent to its end.
   * - `left`: the client closed the request or the connection before that.
   * - `cut off`: the server did.
   */
  readonly ending: "complete" | "left" | "cut off";
  /** The media type of the response, with its parameters. */
  readonly contentType: string | undefined;
  /** Whether the response announced its length. */
  readonly hasLength: boolean;
  /** The value of `grpc-status`, if it was sent. */
  readonly grpcStatus?: string | undefined;
}

/**
 * The attributes of a request in the metric of the conventions.
 *
 * A client that leaves, or that cancels a gRPC call, is no error of the server: its request has a
 * status of its own. Streams have an attribute of ours: their clients
 * decide how long they last, so their durations say nothing about the latency of the server.
 */
export function attributesOf(request: ServedRequest): Attributes {
  const { method = "GET", scheme, ending, contentType, grpcStatus } = request;
  const isStream = isStreamed(request);
  const errorType = errorTypeOf(request);
  const isLeft = ending === "left" && !isStream;
  const isCancelled = isCancelledCall({ contentType, grpcStatus, hasLeft: ending === "left" });
  const status = (isLeft || isCancelled) && errorType === undefined ? CLIENT_CLOSED_REQUEST : request.status;
  return {
    [ATTR_HTTP_REQUEST_METHOD]: KNOWN_METHODS.includes(method) ? method : "_OTHER",
    [ATTR_URL_SCHEME]: scheme,
    ...(status === undefined || ending === "cut off" ? {} : { [ATTR_HTTP_RESPONSE_STATUS_CODE]: status }),
    ...(errorType === undefined ? {} : { [ATTR_ERROR_TYPE]: errorType }),
    ...(isStream ? { [STREAM_ATTRIBUTE]: true } : {}),
  };
}

/** What makes a request an error of the server. An error status that was sent stays one. */
function errorTypeOf({ ending, status, grpcStatus }: ServedRequest): string | undefined {
  if (ending === "cut off") return CUT_OFF;
  if (status !== undefined && status >= 500) return String(status);
  return grpcErrorOf(grpcStatus);
}

/**
 * Whether a response is a stream: by its media type, or because the client left a response that has
 * begun and whose end was not announced.
 */
function isStreamed({ method, ending, status, contentType = "", hasLength }: ServedRequest): boolean {
  if (method === "CONNECT") return true;
  const type = contentType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  return STREAM_TYPES.includes(type) || (ending === "left" && status !== undefined && !hasLength);
}
