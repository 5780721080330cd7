/** How a level passed the threshold of a firing alert. Times are epoch milliseconds. */
export interface Crossing {
  /** When it passed the threshold. After a long time on the good side a new crossing begins. */
  readonly at: number;
  /** How long it was beyond the threshold in all, until `until` or, while it is, until `since`. */
  readonly millis: number;
  /** Since when it is beyond the threshold; absent while it is not. */
  readonly since?: number;
  /** When it was seen back; absent while it is beyond the threshold. */
  readonly until?: number;
}

/**
 * The crossing after a new level; the same object if nothing has changed, `undefined` before the
 * first crossing. A level that passes the threshold again counts as a new crossing (`at`) only
 * after it was back for `pauseMillis`. O(1).
 */
export function nextCrossing(
  crossing: Crossing | undefined,
  isPast: boolean,
  now: number,
  pauseMillis: number,
): Crossing | undefined {
  if (!isPast) return crossing && closed(crossing, now);
  if (crossing?.since !== undefined) return crossing;
  if (crossing?.until === undefined) return { at: now, millis: 0, since: now };
  const { at, millis, until } = crossing;
  return { at: now - until < pauseMillis ? at : now, millis, since: now };
}

/** The crossing when the level is back, or the alert ends. */
export function closed(crossing: Crossing, now: number): Crossing {
  const { at, since } = crossing;
  if (since === undefined) return crossing;
  return { at, millis: crossing.millis + now - since, until: now };
}

/** The crossing after the clock was set. When it began identifies it and stays. */
export function shiftedCrossing(crossing: Crossing, millis: number): Crossing {
  const { since, until } = crossing;
  return {
    ...crossing,
    ...(since === undefined ? {} : { since: since + millis }),
    ...(until === undefined ? {} : { until: until + millis }),
  };
}

/** How long the level was beyond the threshold in all, up to `now`. */
export function millisPassed({ millis, since }: Crossing, now: number): number {
  return since === undefined ? millis : millis + now - since;
}
