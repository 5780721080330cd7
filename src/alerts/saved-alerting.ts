import * as v from "valibot";
import { DAY_MILLIS, HOUR_MILLIS } from "../core/durations.ts";
import { groupBy } from "../core/group-by.ts";
import { isTime } from "../core/is-time.ts";
import { alertOfNotification, type SavedActions } from "./notifications.ts";
import { ALERT_CAUSES, type AlertStanding, paused, shifted } from "./state/alert-state.ts";

/** An alert that is not inactive, as it was when its series was seen last. */
export type SavedAlert = readonly [id: string, standing: AlertStanding, seenAt: number];

/** What outlives the process, as plain data: alerts, and what their actions have spent. */
export interface SavedAlerting extends SavedActions {
  readonly alerts: readonly SavedAlert[];
}

/** What can be taken over of it. */
export interface ReadAlerting {
  readonly alerts: readonly SavedAlert[];
  readonly actions: SavedActions;
}

/** After a longer time, an alert that fired before is a new one. Prometheus has the same limit. */
const MAX_UNSEEN_MILLIS = HOUR_MILLIS;
/** The cooldown of an alert that has ended may be longer. */
const MAX_ENDED_MILLIS = DAY_MILLIS;

const millis = v.pipe(v.number(), v.finite());
const time = v.custom<number>(isTime);
const times = v.array(time);

const base = {
  state: v.picklist(["inactive", "pending", "firing", "resolved"]),
  since: time,
  firedAt: v.exactOptional(time),
  cause: v.exactOptional(v.picklist(ALERT_CAUSES)),
  crossing: v.exactOptional(
    v.object({ at: time, millis, since: v.exactOptional(time), until: v.exactOptional(time) }),
  ),
  clearSince: v.exactOptional(time),
};
const standing = v.object({ ...base, ended: v.exactOptional(v.object(base)) });

const saved = v.object({
  alerts: v.array(v.tuple([v.string(), standing, time])),
  actions: times,
  retries: times,
  notified: v.array(v.tuple([v.string(), time])),
});

/**
 * The standing of a saved alert whose series is seen again; `undefined` if it does not go on.
 *
 * An alert goes on if its series was seen in the last hour. Waits that went on are longer by the
 * time since then, because nothing was seen meanwhile.
 *
 * @param now epoch milliseconds
 */
export function seenAgain([, old, seenAt]: SavedAlert, now: number): AlertStanding | undefined {
  const unseenMillis = now - seenAt;
  // After the clock was put back, all that it waits for would begin in the future.
  if (unseenMillis < 0) return shifted(old, unseenMillis);
  const most = old.state === "resolved" ? MAX_ENDED_MILLIS : MAX_UNSEEN_MILLIS;
  return unseenMillis > most ? undefined : paused(old, unseenMillis);
}

/**
 * Reads what an earlier process saved. `undefined` if it is anything else.
 *
 * @param now epoch milliseconds
 */
export function readSavedAlerting(given: unknown, now: number): ReadAlerting | undefined {
  const parsed = v.safeParse(saved, given);
  if (!parsed.success) return undefined;
  const { alerts, notified, actions, retries } = parsed.output;
  const goOn = alerts.filter((alert) => seenAgain(alert, now) !== undefined);
  const ids = new Set(goOn.map(([id]) => id));
  return {
    alerts: goOn,
    actions: {
      actions,
      retries,
      notified: notified
        .filter(([key]) => ids.has(alertOfNotification(key)))
        .map(([key, at]) => [key, Math.min(at, now)]),
    },
  };
}

/**
 * What was saved, in parts. What the actions have spent is in the part of `undefined`, which there
 * always is.
 *
 * @param partOf the part of an alert, by its id.
 */
export function partsOfSaved<Part>(
  { alerts, notified, ...spent }: SavedAlerting,
  partOf: (id: string) => Part | undefined,
): Map<Part | undefined, SavedAlerting> {
  const alertsOf = groupBy(alerts, ([id]) => partOf(id));
  const notifiedOf = groupBy(notified, ([key]) => partOf(alertOfNotification(key)));
  const parts = new Map<Part | undefined, SavedAlerting>();
  for (const part of new Set([undefined, ...alertsOf.keys(), ...notifiedOf.keys()]))
    parts.set(part, {
      alerts: alertsOf.get(part) ?? [],
      notified: notifiedOf.get(part) ?? [],
      ...(part === undefined ? spent : { actions: [], retries: [] }),
    });
  return parts;
}
