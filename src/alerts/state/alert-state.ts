/**
 * The state of an alert:
 * - `inactive`: the condition does not hold
 * - `pending`: the condition holds, but not long enough yet
 * - `firing`: the condition has held long enough, and has not been over long enough since
 * - `resolved`: the alert has fired and ended; no new alert begins before the cooldown has passed
 */
export type AlertState = "inactive" | "pending" | "firing" | "resolved";

/** The result of a condition at one moment: begin, stay as it is (hysteresis), end. */
export type AlertSignal = "raise" | "hold" | "clear";

/** How long an alert waits before each change of state. */
export interface AlertTiming {
  /** How long the condition must hold before the alert fires. */
  readonly forMillis: number;
  /** How long the condition must be over before a firing alert is resolved. */
  readonly keepFiringForMillis: number;
  /** How long no new alert begins after one was resolved. */
  readonly cooldownMillis: number;
}

/** The state of one alert and its times, in epoch milliseconds. */
export interface AlertStanding {
  readonly state: AlertState;
  /** When it entered this state. */
  readonly since: number;
  /** When the alert that fires, or was resolved last, began to fire. */
  readonly firedAt?: number;
  /** Since when the condition of a firing alert has been over. */
  readonly clearSince?: number;
}

/** The standing of a new alert. */
export function inactiveSince(since: number): AlertStanding {
  return { state: "inactive", since };
}

/** The standing after a signal; the same object if nothing has changed. O(1). */
export function nextStanding(
  standing: AlertStanding,
  signal: AlertSignal,
  now: number,
  timing: AlertTiming,
): AlertStanding {
  switch (standing.state) {
    case "inactive":
      return signal === "raise" ? raised(now, now, timing) : standing;
    case "resolved":
      if (now - standing.since < timing.cooldownMillis) return standing;
      return signal === "raise" ? raised(now, now, timing) : inactiveSince(now);
    case "pending":
      if (signal !== "raise") return inactiveSince(now);
      return raised(standing.since, now, timing, standing);
    case "firing":
      return stillFiring(standing, signal, now, timing);
  }
}

/** The standing of an alert whose series has gone or is under maintenance. */
export function silenced(standing: AlertStanding, now: number): AlertStanding {
  if (standing.state === "firing") return resolved(standing, now);
  return standing.state === "pending" ? inactiveSince(now) : standing;
}

function raised(since: number, now: number, timing: AlertTiming, before?: AlertStanding): AlertStanding {
  if (now - since >= timing.forMillis) return { state: "firing", since: now, firedAt: now };
  return before ?? { state: "pending", since };
}

function stillFiring(
  standing: AlertStanding,
  signal: AlertSignal,
  now: number,
  timing: AlertTiming,
): AlertStanding {
  if (signal !== "clear") {
    if (standing.clearSince === undefined) return standing;
    const { clearSince: _, ...rest } = standing;
    return rest;
  }
  const clearSince = standing.clearSince ?? now;
  if (now - clearSince >= timing.keepFiringForMillis) return resolved(standing, now);
  return standing.clearSince === undefined ? { ...standing, clearSince } : standing;
}

function resolved(standing: AlertStanding, now: number): AlertStanding {
  return { state: "resolved", since: now, firedAt: standing.firedAt ?? standing.since };
}
