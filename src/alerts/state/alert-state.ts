import { type Crossing, closed, nextCrossing, shiftedCrossing } from "./crossing.ts";

/**
 * The state of an alert:
 * - `inactive`: the condition does not hold
 * - `pending`: the condition holds, but not long enough yet
 * - `firing`: the condition has held long enough, and has not been over long enough since
 * - `resolved`: the alert has fired and ended; until the cooldown has passed, only the level begins
 *   a new alert
 */
export type AlertState = "inactive" | "pending" | "firing" | "resolved";

/**
 * The result of a condition at one moment: begin because of the level alone (`level`), because of
 * its steady growth (`growth`), or with the support of the forecast (`raise`), stay as it is
 * (`hold`, hysteresis), end (`clear`).
 */
export type AlertSignal = "level" | "growth" | "raise" | "hold" | "clear";

/** What a condition found at one moment. */
export interface AlertEvidence {
  readonly signal: AlertSignal;
  /** Whether the level is beyond the threshold. */
  readonly isPast: boolean;
}

/** How long an alert waits before each change of state. */
export interface AlertTiming {
  /** How long the condition must hold before the alert fires. */
  readonly forMillis: number;
  /** The same if the level alone or its steady growth is reason enough. */
  readonly levelForMillis: number;
  /** How long the condition must be over before a firing alert is resolved. */
  readonly keepFiringForMillis: number;
  /**
   * How long after the end of an alert only the level begins a new one. It is also the pause after
   * which a firing alert notifies of a level that passes the threshold once more.
   */
  readonly cooldownMillis: number;
}

/**
 * What makes alerts fire: the forecast, steady growth of the level (`growth`), a level near a
 * threshold from which it does not come back (`near`), or a level beyond the threshold (`level`).
 */
export const ALERT_CAUSES = ["forecast", "growth", "near", "level"] as const;

/** One of `ALERT_CAUSES`. */
export type AlertCause = (typeof ALERT_CAUSES)[number];

/** What a condition found that holds. */
type Raise = AlertEvidence & { readonly signal: keyof typeof CAUSES };

const CAUSES: Readonly<Record<"level" | "growth" | "raise", AlertCause>> = {
  level: "near",
  growth: "growth",
  raise: "forecast",
};

/** The state of one alert and its times, in epoch milliseconds. */
export interface AlertStanding {
  readonly state: AlertState;
  /** When it entered this state. */
  readonly since: number;
  /** When the alert that fires, or was resolved last, began to fire. */
  readonly firedAt?: number;
  readonly cause?: AlertCause;
  /** The crossing of the threshold while the alert fired; absent if it was not crossed. */
  readonly crossing?: Crossing;
  /** Since when the condition of a firing alert has been over. */
  readonly clearSince?: number;
  /** Of a pending alert: the one before it, if it has ended and its cooldown went on. */
  readonly ended?: AlertStanding;
}

/** The standing of a new alert. */
export function inactiveSince(since: number): AlertStanding {
  return { state: "inactive", since };
}

/** The standing after new evidence; the same object if nothing has changed. O(1). */
export function nextStanding(
  standing: AlertStanding,
  evidence: AlertEvidence,
  now: number,
  timing: AlertTiming,
): AlertStanding {
  const { signal } = evidence;
  const raise = signal === "hold" || signal === "clear" ? undefined : { ...evidence, signal };
  switch (standing.state) {
    case "inactive":
      return raise === undefined ? standing : raised(pendingSince(now), raise, now, timing);
    case "resolved":
      return stillResolved(standing, raise, now, timing);
    case "pending":
      if (raise?.signal !== "level" && isCooling(standing.ended, now, timing)) return standing.ended;
      return raise === undefined ? inactiveSince(now) : raised(standing, raise, now, timing);
    case "firing":
      return stillFiring(standing, evidence, now, timing);
  }
}

/** Whether a firing alert has become worse: its level has passed the threshold since. */
export function hasEscalated(before: AlertStanding, after: AlertStanding): boolean {
  if (before.state !== "firing" || after.state !== "firing") return false;
  return before.crossing?.at !== after.crossing?.at;
}

/** The standing of an alert whose series has gone or is under maintenance. */
export function silenced(standing: AlertStanding, now: number): AlertStanding {
  if (standing.state === "firing") return resolved(standing, now);
  return standing.state === "pending" ? (standing.ended ?? inactiveSince(now)) : standing;
}

/**
 * The standing after the clock was set. Times that a wait is measured from move with the clock; the
 * times at which it fired and passed the threshold identify the alert and stay.
 */
export function shifted(standing: AlertStanding, millis: number): AlertStanding {
  const { since, clearSince, crossing, ended } = standing;
  return {
    ...standing,
    since: since + millis,
    ...(ended === undefined ? {} : { ended: shifted(ended, millis) }),
    ...(clearSince === undefined ? {} : { clearSince: clearSince + millis }),
    ...(crossing === undefined ? {} : { crossing: shiftedCrossing(crossing, millis) }),
  };
}

/** The standing after the process was paused: nothing was seen meanwhile, so no wait goes on. */
export function paused(standing: AlertStanding, millis: number): AlertStanding {
  const { state, since, clearSince } = standing;
  if (state === "pending") return { ...standing, since: since + millis };
  return clearSince === undefined ? standing : { ...standing, clearSince: clearSince + millis };
}

function pendingSince(since: number): AlertStanding {
  return { state: "pending", since };
}

function stillResolved(
  standing: AlertStanding,
  raise: Raise | undefined,
  now: number,
  timing: AlertTiming,
): AlertStanding {
  const cools = isCooling(standing, now, timing);
  if (raise?.signal === "level")
    return raised({ ...pendingSince(now), ...(cools ? { ended: standing } : {}) }, raise, now, timing);
  if (cools) return standing;
  return raise === undefined ? inactiveSince(now) : raised(pendingSince(now), raise, now, timing);
}

/** Whether an alert has ended so lately that only the level begins a new one. */
function isCooling(
  ended: AlertStanding | undefined,
  now: number,
  { cooldownMillis }: AlertTiming,
): ended is AlertStanding {
  return ended !== undefined && now - ended.since < cooldownMillis;
}

/** The standing of a pending alert whose condition holds: it fires when it has waited long enough. */
function raised(
  pending: AlertStanding,
  { signal, isPast }: Raise,
  now: number,
  timing: AlertTiming,
): AlertStanding {
  const waitMillis = signal === "raise" ? timing.forMillis : timing.levelForMillis;
  if (now - pending.since < waitMillis) return pending;
  const crossing = nextCrossing(undefined, isPast, now, timing.cooldownMillis);
  return {
    state: "firing",
    since: now,
    firedAt: now,
    cause: isPast ? "level" : CAUSES[signal],
    ...(crossing === undefined ? {} : { crossing }),
  };
}

function stillFiring(
  standing: AlertStanding,
  { signal, isPast }: AlertEvidence,
  now: number,
  timing: AlertTiming,
): AlertStanding {
  const { clearSince, ...going } = withCrossing(standing, isPast, now, timing);
  if (signal !== "clear") {
    const isSame = clearSince === undefined && going.crossing === standing.crossing;
    return isSame ? standing : going;
  }
  const overSince = clearSince ?? now;
  if (now - overSince >= timing.keepFiringForMillis) return resolved(going, now);
  const isSame = clearSince !== undefined && going.crossing === standing.crossing;
  return isSame ? standing : { ...going, clearSince: overSince };
}

function withCrossing(
  standing: AlertStanding,
  isPast: boolean,
  now: number,
  { cooldownMillis }: AlertTiming,
): AlertStanding {
  const crossing = nextCrossing(standing.crossing, isPast, now, cooldownMillis);
  return crossing === undefined ? standing : { ...standing, crossing };
}

function resolved({ firedAt, since, cause, crossing }: AlertStanding, now: number): AlertStanding {
  return {
    state: "resolved",
    since: now,
    firedAt: firedAt ?? since,
    ...(cause === undefined ? {} : { cause }),
    ...(crossing === undefined ? {} : { crossing: closed(crossing, now) }),
  };
}
