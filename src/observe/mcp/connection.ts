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
  type AgentTask,
  CONNECTION_CLOSED,
  HANDSHAKE,
  isSubscription,
  type OpenOperation,
  type OperationEnd,
  type Side,
} from "./operation.ts";
import type { Link, OperationLog } from "./operation-log.ts";
import { agreedVersion, hasSession, networkTransportOf, type Protocol, taskOf } from "./protocol.ts";

const SUCCESS: OperationEnd = { outcome: "success" };
const FAILED_TOOL: OperationEnd = { outcome: "failure", errorType: "tool_error" };

/** The options of a transport's `send` that are read. */
export interface SendOptions {
  /** Aborts when the sender gives the request up. Set if each request has a stream of its own. */
  readonly requestSignal?: AbortSignal;
}

/** A message that is about to be sent. */
export interface Departure {
  /** Whether the protocol handles it itself if the message can't be sent, as its `request` does. */
  readonly isHandled: boolean;
  /** Call it when the message was sent, with the error if that failed. */
  readonly onSent: (failedWith?: unknown) => void;
}

/** What a received message begins or is. */
export interface Arrival {
  /** The server that the message puts to work. */
  readonly worker?: AgentAtWork | undefined;
  /** Call it when the protocol has handled the message. */
  readonly onHandled?: () => void;
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
  readonly #networkTransport: Link["transport"];
  readonly #linkNow = (): Link => this.#link();
  readonly #sent = new Map<MessageId, Pending>();
  readonly #received = new Map<MessageId, Pending>();
  #protocolVersion: string | undefined;
  #isSession = false;

  constructor(protocol: Protocol, transport: object, log: OperationLog) {
    this.#protocol = protocol;
    this.#transport = transport;
    this.#log = log;
    this.#startedAt = log.now();
    this.#networkTransport = networkTransportOf(transport);
  }

  /** A message is about to be sent. */
  sending(
    given: unknown,
    options: SendOptions | undefined,
    caller: Caller | undefined,
  ): Departure | undefined {
    const message = readMessage(given);
    if (message?.kind === "request") return this.#sendingRequest(message, options, caller);
    if (message?.kind === "notification") return this.#sendingNotification(message);
    if (message !== undefined) this.#answer(this.#received.get(message.id), message);
    return undefined;
  }

  /** A message was received. */
  received(given: unknown): Arrival | undefined {
    const message = readMessage(given);
    if (message === undefined) return undefined;
    if (message.kind === "request") return this.#requested(message);
    if (message.kind === "notification") return this.#wasNotified(message);
    this.#answer(this.#sent.get(message.id), message);
    return undefined;
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

  #requested(message: McpRequest): Arrival | undefined {
    const task = taskOf(this.#protocol, "server", message.method);
    this.#begin(this.#received, "server", message, task, undefined);
    return task?.agentName === undefined ? undefined : { worker: new AgentAtWork(task.agentName) };
  }

  #wasNotified({ method, cancels }: McpNotification): Arrival {
    const startedAt = this.#log.now();
    if (cancels !== undefined) this.#received.get(cancels.id)?.operation.end({ outcome: "cancelled" });
    return { onHandled: () => this.#notified("server", method, startedAt, SUCCESS) };
  }

  #sendingRequest(
    message: McpRequest,
    options: SendOptions | undefined,
    caller: Caller | undefined,
  ): Departure {
    const isHandled = caller?.isWaiting === true;
    if (caller !== undefined) markSent(caller);
    const task = taskOf(this.#protocol, "client", message.method);
    const operation = this.#begin(this.#sent, "client", message, task, caller);
    options?.requestSignal?.addEventListener("abort", () => operation?.end(howGivenUp(caller, undefined)), {
      once: true,
    });
    const onSent = (failedWith?: unknown): void => {
      if (failedWith !== undefined) operation?.end(endingOfError(failedWith));
    };
    return { isHandled, onSent };
  }

  #sendingNotification({ method, cancels }: McpNotification): Departure {
    const startedAt = this.#log.now();
    const cancelled = cancels === undefined ? undefined : this.#sent.get(cancels.id);
    cancelled?.operation.end(howGivenUp(cancelled.caller, cancels?.reason));
    const onSent = (failedWith?: unknown): void => {
      const end = failedWith === undefined ? SUCCESS : endingOfError(failedWith);
      this.#notified("client", method, startedAt, end);
    };
    return { isHandled: false, onSent };
  }

  #begin(
    pending: Map<MessageId, Pending>,
    side: Side,
    { id, method, name }: McpRequest,
    task: AgentTask | undefined,
    caller: Caller | undefined,
  ): OpenOperation | undefined {
    if (isSubscription(method)) return undefined;
    pending.get(id)?.operation.end({ outcome: "lost" });
    const operation = this.#log.begin({ side, method, name }, task, this.#linkNow);
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
    operation.end(hasFailed ? FAILED_TOOL : SUCCESS);
  }

  #notified(side: Side, method: string, startedAt: number, end: OperationEnd): void {
    this.#log.record({ side, method, name: undefined }, startedAt, end, this.#link());
  }

  #link(): Link {
    return {
      protocolVersion: this.#protocolVersion ?? agreedVersion(this.#protocol),
      transport: this.#networkTransport,
    };
  }
}
