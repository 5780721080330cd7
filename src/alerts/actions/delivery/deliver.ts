import type { Alert } from "../../alert.ts";
import type { ActionCall, ActionFunction } from "../../entries.ts";
import type { ResolvedAction } from "../../resolved.ts";
import { postToAlertmanager } from "./alertmanager.ts";
import { DeliveryError } from "./post-json.ts";
import { postToWebhook } from "./webhook.ts";

/** The context of a delivery. */
export interface DeliveryContext {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Functions that the application has registered. */
  readonly functions: ReadonlyMap<string, ActionFunction>;
}

/** Makes one attempt at an action. Rejects if it failed. */
export async function deliver(
  action: ResolvedAction,
  alert: Alert,
  call: ActionCall,
  { now, functions }: DeliveryContext,
): Promise<void> {
  const { target, name, effect } = action;
  switch (target.kind) {
    case "function": {
      const run = target.run ?? functions.get(target.name);
      if (run === undefined) throw new DeliveryError(`no function "${target.name}" is registered`, false);
      await run(alert, call);
      return;
    }
    case "webhook":
      return postToWebhook({ ...target, action: name, effect, alert, now }, call);
    case "alertmanager":
      return postToAlertmanager(target.url, alert, call, now);
  }
}
