import { endingOfError } from "../../agents/error-policy.ts";
import { AgentAtWork } from "../work/current-agent.ts";
import { type Caller, howGivenUp, markSent } from "./callers.ts";
import {
  type McpNotification,
  type McpRequest,
  type McpResponse,
  type MessageId,
  readMessage,
} from "./message.ts";
import {
  CONNECTION_CLOSED,
  HANDSHAKE,
  isSubscription,
  type OpenOperation,
  type OperationEnd,
  type Side,
} from "./operation.ts";
import type { Link, OperationLog } from "./operation-log.ts";
import { agreedVersion, hasSession, networkTransportOf, type Protocol, taskOf } from "./protocol.ts";

const TOOL_ERROR = "tool_error";

/** The options of a transport's `send` that are read. */
export interface SendOptions {
  /** Aborts when the sender gives the request up. Set if each request has a stream of its own. */
  readonly requestSignal?: AbortSignal;
}

interface Pending {
  readonly method: string;
  readonly operation: OpenOperation;
  readonly caller: Caller | undefined;
}

/** One end of a connection and its messages, from its start to its close. */
export class Connection {
  readonly #protocol: Protocol;
  readonly #transport: object;
  readonly #log: OperationLog;
  readonly #startedAt: number;
  readonly #sent = new Map<MessageId, Pending>();
  readonly #received = new Map<MessageId, Pending>();
  #protocolVersion: string | undefined;
  #isSession = false;

  constructor(protocol: Protocol, transport: object, log: OperationLog) {
    this.#protocol = protocol;
    this.#transport = transport;
    this.#log = log;
    this.#startedAt = log.now();
  }

  /**
   * A message is about to be sent. Call the returned function when it was sent, with the error if
   * that failed.
   */
  sending(
    given: unknown,
    options: SendOptions | undefined,
    caller: Caller | undefined,
  ): ((failedWith?: unknown) => void) | undefined {
    const message = readMessage(given);
    if (message?.kind === "request") return this.#sendingRequest(message, options, caller);
    if (message?.kind === "notification") return this.#sendingNotification(message);
    if (message !== undefined) this.#answer(this.#received.get(message.id), message);
    return undefined;
  }

  /** A message was received. Call the returned function when the protocol has handled it. */
  received(given: unknown): (() => void) | undefined {
    const message = readMessage(given);
    if (message?.kind === "response") this.#answer(this.#sent.get(message.id), message);
    if (message?.kind === "request") this.#begin(this.#received, "server", message, undefined);
    if (message?.kind !== "notification") return undefined;
    const startedAt = this.#log.now();
    if (message.cancels !== undefined)
      this.#received.get(message.cancels.id)?.operation.end({ outcome: "cancelled" });
    return () => this.#notified("server", message.method, startedAt, { outcome: "success" });
  }

  /** The server that a message is about to put to work. */
  workerOf(given: unknown): AgentAtWork | undefined {
    const message = readMessage(given);
    if (message?.kind !== "request") return undefined;
    const agentName = taskOf(this.#protocol, "server", message.method)?.agentName;
    return agentName === undefined ? undefined : new AgentAtWork(agentName);
  }

  /**
   * The connection is closed: requests that were sent have failed, requests that were being
   * answered are cancelled.
   */
  closed(): void {
    const isCutOff = this.#sent.size > 0;
    for (const { operation } of [...this.#sent.values()])
      operation.end({ outcome: "failure", errorType: CONNECTION_CLOSED });
    for (const { operation } of [...this.#received.values()]) operation.end({ outcome: "cancelled" });
    if (!this.#isSession) return;
    this.#isSession = false;
    const side = this.#protocol._serverInfo === undefined ? "client" : "server";
    this.#log.sessionEnded(side, this.#startedAt, this.#link(), isCutOff ? CONNECTION_CLOSED : undefined);
  }

  #sendingRequest(
    message: McpRequest,
    options: SendOptions | undefined,
    caller: Caller | undefined,
  ): ((failedWith?: unknown) => void) | undefined {
    if (caller !== undefined) markSent(caller);
    const operation = this.#begin(this.#sent, "client", message, caller);
    const givenUp = (): void => operation?.end(howGivenUp(caller, undefined));
    options?.requestSignal?.addEventListener("abort", givenUp, { once: true });
    return (failedWith) => {
      if (failedWith !== undefined) operation?.end(endingOfError(failedWith));
    };
  }

  #sendingNotification({ method, cancels }: McpNotification): (failedWith?: unknown) => void {
    const startedAt = this.#log.now();
    const cancelled = cancels === undefined ? undefined : this.#sent.get(cancels.id);
    cancelled?.operation.end(howGivenUp(cancelled.caller, cancels?.reason));
    return (failedWith) => {
      const end = failedWith === undefined ? { outcome: "success" as const } : endingOfError(failedWith);
      this.#notified("client", method, startedAt, end);
    };
  }

  #begin(
    pending: Map<MessageId, Pending>,
    side: Side,
    { id, method, name }: McpRequest,
    caller: Caller | undefined,
  ): OpenOperation | undefined {
    if (isSubscription(method)) return undefined;
    pending.get(id)?.operation.end({ outcome: "lost" });
    const task = taskOf(this.#protocol, side, method);
    const operation = this.#log.begin({ side, method, name }, task, () => this.#link());
    if (operation === undefined) return undefined;
    pending.set(id, { method, operation, caller });
    operation.onEnd = () => pending.delete(id);
    return operation;
  }

  #answer(pending: Pending | undefined, { errorCode, isToolError, protocolVersion }: McpResponse): void {
    if (pending === undefined) return;
    const { method, operation } = pending;
    if (errorCode !== undefined) {
      operation.end({ outcome: "failure", errorType: errorCode, statusCode: errorCode });
      return;
    }
    if (method === HANDSHAKE) {
      this.#protocolVersion = protocolVersion;
      this.#isSession = hasSession(this.#transport);
    }
    const hasFailed = isToolError && method === "tools/call";
    operation.end(hasFailed ? { outcome: "failure", errorType: TOOL_ERROR } : { outcome: "success" });
  }

  #notified(side: Side, method: string, startedAt: number, end: OperationEnd): void {
    this.#log.record({ side, method, name: undefined }, startedAt, end, this.#link());
  }

  #link(): Link {
    return {
      protocolVersion: this.#protocolVersion ?? agreedVersion(this.#protocol),
      transport: networkTransportOf(this.#transport),
    };
  }
}
