/** The id of a request, which its answer repeats. */
export type MessageId = string | number;

/**
 * The parts of a JSON-RPC message of the Model Context Protocol that are read. Arguments and
 * results are not read.
 */
export type Message = McpRequest | McpNotification | McpResponse;

/** A request, which the other end answers. */
export interface McpRequest {
  readonly kind: "request";
  readonly id: MessageId;
  readonly method: string;
  /** The name of the tool or the prompt. */
  readonly name: string | undefined;
}

/** A notification, which has no answer. */
export interface McpNotification {
  readonly kind: "notification";
  readonly method: string;
  /** The request that `notifications/cancelled` gives up, and the reason. */
  readonly cancels: { readonly id: MessageId; readonly reason: unknown } | undefined;
}

/** The answer to a request. */
export interface McpResponse {
  readonly kind: "response";
  readonly id: MessageId;
  /** The JSON-RPC code, if the answer is an error. */
  readonly errorCode: string | undefined;
  /** Whether the call succeeded but the tool failed (`isError`). */
  readonly isToolError: boolean;
  /** The negotiated version, in the answer to `initialize`. */
  readonly protocolVersion: string | undefined;
}

const METHODS_WITH_NAME = ["tools/call", "prompts/get"];
/** The code of an error without one, which JSON-RPC does not allow. */
const NO_CODE = "unknown";

/** Reads a value of any shape; `undefined` if it is no message. */
export function readMessage(given: unknown): Message | undefined {
  if (!isRecord(given)) return undefined;
  const { id, method } = given;
  if (typeof method === "string")
    return isId(id) ? requestOf(id, method, given.params) : notificationOf(method, given.params);
  return isId(id) ? responseOf(id, given) : undefined;
}

function requestOf(id: MessageId, method: string, params: unknown): McpRequest {
  const name = isRecord(params) && METHODS_WITH_NAME.includes(method) ? params.name : undefined;
  return { kind: "request", id, method, name: typeof name === "string" ? name : undefined };
}

function notificationOf(method: string, params: unknown): McpNotification {
  const isCancellation = method === "notifications/cancelled" && isRecord(params);
  const id = isCancellation ? params.requestId : undefined;
  const cancels = isCancellation && isId(id) ? { id, reason: params.reason } : undefined;
  return { kind: "notification", method, cancels };
}

function responseOf(id: MessageId, { error, result }: Record<string, unknown>): McpResponse | undefined {
  if (isRecord(error)) {
    const { code } = error;
    const errorCode = typeof code === "number" || typeof code === "string" ? String(code) : NO_CODE;
    return { kind: "response", id, errorCode, isToolError: false, protocolVersion: undefined };
  }
  if (!isRecord(result)) return undefined;
  const version = result.protocolVersion;
  return {
    kind: "response",
    id,
    errorCode: undefined,
    isToolError: result.isError === true,
    protocolVersion: typeof version === "string" ? version : undefined,
  };
}

function isId(id: unknown): id is MessageId {
  return typeof id === "string" || typeof id === "number";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
