import { isWork, type Side } from "./operation.ts";
import type { AgentTask } from "./operation-log.ts";

/** A client or a server, by fields that both SDKs keep to themselves and call the same. */
export interface Protocol {
  readonly _serverInfo?: { readonly name?: unknown };
  readonly _clientInfo?: { readonly name?: unknown };
  readonly _negotiatedProtocolVersion?: unknown;
  /** What it is connected by, while it is. */
  readonly _transport?: object | undefined;
}

/** The work of a client is what it asks for, that of a server what it is asked for. */
export function taskOf(protocol: Protocol, side: Side, method: string): AgentTask | undefined {
  const self = side === "server" ? protocol._serverInfo : protocol._clientInfo;
  if (self === undefined || !isWork(method)) return undefined;
  return { agentName: typeof self.name === "string" ? self.name : undefined };
}

/** The version of the protocol that was agreed on, where that is known to a client or a server itself. */
export function agreedVersion({ _negotiatedProtocolVersion: version }: Protocol): string | undefined {
  return typeof version === "string" ? version : undefined;
}
