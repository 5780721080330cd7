/**
 * The codes that are errors of a server, by the conventions for spans of gRPC servers. The others
 * are errors of the caller, such as `NOT_FOUND` or `INVALID_ARGUMENT`.
 * https://opentelemetry.io/docs/specs/semconv/rpc/grpc/
 */
const SERVER_ERRORS: Readonly<Record<string, string>> = {
  "2": "UNKNOWN",
  "4": "DEADLINE_EXCEEDED",
  "12": "UNIMPLEMENTED",
  "13": "INTERNAL",
  "14": "UNAVAILABLE",
  "15": "DATA_LOSS",
};

/** The name of a gRPC status that is an error of the server. gRPC sends HTTP status 200 with it. */
export function grpcErrorOf(status: string | undefined): string | undefined {
  return status === undefined ? undefined : SERVER_ERRORS[status];
}

/** The status of a call that its caller gave up. */
const CANCELLED = "1";

/**
 * Whether the client cancelled a gRPC call: it left before the status was sent, or the server
 * answered the cancellation with its status.
 */
export function isCancelledCall({
  contentType = "",
  grpcStatus,
  hasLeft,
}: {
  readonly contentType: string | undefined;
  readonly grpcStatus: string | undefined;
  readonly hasLeft: boolean;
}): boolean {
  if (grpcStatus !== undefined) return grpcStatus === CANCELLED;
  return hasLeft && /^application\/grpc\b/i.test(contentType.trim());
}
