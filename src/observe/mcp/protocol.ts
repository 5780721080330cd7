import { type AgentTask, isWork, type Side } from "./operation.ts";

/** A client or a server, by private fields that have the same names in both SDKs. */
export interface Protocol {
  readonly _serverInfo?: { readonly name?: unknown };
  readonly _clientInfo?: { readonly name?: unknown };
  readonly _negotiatedProtocolVersion?: unknown;
  /** Its transport, while it is connected. */
  readonly _transport?: object | undefined;
}

/**
 * The task that a request is. A client's tasks are what it asks for, a server's tasks what it is
 * asked for.
 */
export function taskOf(protocol: Protocol, side: Side, method: string): AgentTask | undefined {
  const self = side === "server" ? protocol._serverInfo : protocol._clientInfo;
  if (self === undefined || !isWork(method)) return undefined;
  return { agentName: typeof self.name === "string" ? self.name : undefined };
}

/** The negotiated version of the protocol, if the client or server itself knows it. */
export function agreedVersion({ _negotiatedProtocolVersion: version }: Protocol): string | undefined {
  return typeof version === "string" ? version : undefined;
}

/**
 * The value of `network.transport`, by the name of the transport's class; `undefined` for unknown
 * ones.
 */
export function networkTransportOf(transport: object): "pipe" | "tcp" | undefined {
  const name = classNameOf(transport);
  if (/stdio/i.test(name)) return "pipe";
  return /http|sse|websocket/i.test(name) ? "tcp" : undefined;
}

/**
 * Whether the connection is a session. Streamable HTTP without a session id carries single
 * requests of any client.
 */
export function hasSession(transport: object): boolean {
  const { sessionId } = transport as { sessionId?: unknown };
  return typeof sessionId === "string" || !/http/i.test(classNameOf(transport));
}

function classNameOf(transport: object): string {
  const { name } = (transport as { constructor?: { name?: unknown } }).constructor ?? {};
  return typeof name === "string" ? name : "";
}
