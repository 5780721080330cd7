import { log } from "../logging/component-logger.ts";
import type { AlertStanding } from "./state/alert-state.ts";
import type { TrackedAlert } from "./tracked-alert.ts";

/**
 * Logs that an alert without actions has begun to fire, has become worse or has ended. The runs of
 * actions are logged with the same text, so an alert with actions needs no line of its own.
 */
export function logChange(tracked: TrackedAlert, before: AlertStanding | undefined): void {
  if (tracked.rule.actions.length > 0) return;
  const isFiring = tracked.standing.state === "firing";
  if (!isFiring && before?.state !== "firing") return;
  const { name, severity, description } = tracked.describe();
  if (isFiring) log.warn(`alert ${name} (${severity}) fires: ${description}`);
  else log.info(`alert ${name} has ended: ${description}`);
}
