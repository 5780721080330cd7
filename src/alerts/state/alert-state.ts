/**
 * Where an alert stands:
 * - `inactive`: nothing to say
 * - `pending`: the condition holds, but not for long enough yet
 * - `firing`: it has held for long enough, and has not been over for long enough since
 * - `resolved`: it fired and is over; no new alert begins until the cooldown has passed
 */
export type AlertState = "inactive" | "pending" | "firing" | "resolved";

/** What a condition says at one moment: begin, go on as you are, end. `hold` is what hysteresis is made of. */
export type AlertSignal = "raise" | "hold" | "clear";

/** How patient an alert is. */
export interface AlertTiming {
  /** The condition must have held for so long before the alert fires. */
  readonly forMillis: number;
  /** The condition must have been over for so long before a firing alert is resolved. */
  readonly keepFiringForMillis: number;
  /** For so long after an alert is resolved no new one begins. */
  readonly cooldownMillis: number;
}

/** The standing of one alert. Times are in epoch milliseconds. */
export interface AlertStanding {
  readonly state: AlertState;
  /** Since when it is in this state. */
  readonly since: number;
  /** When the alert that fires, or was resolved last, began to fire. */
  readonly firedAt?: number;
  /** Since when the condition of a firing alert has been over. */
  readonly clearSince?: number;
}

/** An alert that has never been heard of. */
export function inactiveSince(since: number): AlertStanding {
  return { state: "inactive", since };
}

/** The standing after a signal. The same object comes back where nothing has changed. O(1). */
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

/** The standing of an alert that may not speak: its series has gone, or is being worked on. */
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
