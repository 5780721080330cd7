export type MessageId = string | number;

/** What is looked at of a JSON-RPC message of the Model Context Protocol. Arguments and results stay unread. */
export type Message = McpRequest | McpNotification | McpResponse;

export interface McpRequest {
  readonly kind: "request";
  readonly id: MessageId;
  readonly method: string;
  /** Of the tool or of the prompt. */
  readonly name: string | undefined;
}

export interface McpNotification {
  readonly kind: "notification";
  readonly method: string;
  /** The request that the sender of `notifications/cancelled` gives up, and why. */
  readonly cancels: { readonly id: MessageId; readonly reason: unknown } | undefined;
}

export interface McpResponse {
  readonly kind: "response";
  readonly id: MessageId;
  /** JSON-RPC code, where the answer is an error. */
  readonly errorCode: string | undefined;
  /** The call succeeded, and the tool did not. */
  readonly isToolError: boolean;
  /** What both agreed on, in the answer to `initialize`. */
  readonly protocolVersion: string | undefined;
}

const NAMED_BY_THEIR_NAME = ["tools/call", "prompts/get"];
/** Where an error has no code, against the rules. */
const NO_CODE = "unknown";

/** Reads a message, whatever it is; `undefined` of what is none. */
export function readMessage(given: unknown): Message | undefined {
  if (!isRecord(given)) return undefined;
  const { id, method } = given;
  if (typeof method === "string")
    return isId(id) ? requestOf(id, method, given.params) : notificationOf(method, given.params);
  return isId(id) ? responseOf(id, given) : undefined;
}

function requestOf(id: MessageId, method: string, params: unknown): McpRequest {
  const name = isRecord(params) && NAMED_BY_THEIR_NAME.includes(method) ? params.name : undefined;
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
