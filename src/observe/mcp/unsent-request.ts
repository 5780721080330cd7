import { endingOfError } from "../../agents/error-policy.ts";
import { type Caller, howGivenUp } from "./callers.ts";
import { readMessage } from "./message.ts";
import { CONNECTION_CLOSED, isStanding, type OperationEnd } from "./operation.ts";
import type { OperationLog } from "./operation-log.ts";
import { agreedVersion, type Protocol, taskOf } from "./protocol.ts";

/** A request that failed before anything of it was sent. */
export interface UnsentRequest {
  readonly protocol: Protocol;
  /** What was to be sent, whatever it is. */
  readonly request: unknown;
  readonly failedWith: unknown;
  readonly caller?: Caller;
  readonly wasConnected: boolean;
}

/** Records a request that failed at once: of a client whose server has gone, more will not be seen. */
export function recordUnsent(log: OperationLog, unsent: UnsentRequest): void {
  const { protocol, request } = unsent;
  const { method, params } = (request ?? {}) as { method?: unknown; params?: unknown };
  const message = readMessage({ id: 0, method, params });
  if (message?.kind !== "request" || isStanding(message.method)) return;
  const link = { protocolVersion: agreedVersion(protocol), transport: undefined };
  const operation = { side: "client", method: message.method, name: message.name } as const;
  log.begin(operation, taskOf(protocol, "client", message.method), () => link)?.end(howItFailed(unsent));
}

function howItFailed({ caller, wasConnected, failedWith }: UnsentRequest): OperationEnd {
  if (caller?.signal?.aborted === true) return howGivenUp(caller, undefined);
  return wasConnected ? endingOfError(failedWith) : { outcome: "failure", errorType: CONNECTION_CLOSED };
}
