import type { Horizon } from "../core/horizon.ts";
import { type SeriesKey, seriesId } from "../core/series-key.ts";
import type { Alert } from "./alert.ts";
import { alertOf, type SourceReading } from "./describe-alert.ts";
import type { ResolvedAlert } from "./resolved.ts";
import { type AlertStanding, inactiveSince } from "./state/alert-state.ts";
import { SteadyGrowth } from "./state/steady-growth.ts";
import { UsualLevel } from "./state/usual-level.ts";

/** A series that alerts watch. */
export interface AlertSource {
  readonly plan: {
    readonly key: SeriesKey;
    readonly unit: string;
    /** `nextStart`: when a total starts from 0 again; `undefined` for a level. */
    readonly kind: { nextStart(now: number): number | undefined };
  };
  /** Whether it was forgotten. */
  readonly isRemoved?: boolean;
  /** The reading at a horizon; `undefined` before the first value. */
  readingAt(horizon: Horizon): SourceReading | undefined;
}

/** An alert: one rule on one series. */
export interface TrackedAlert {
  readonly rule: ResolvedAlert;
  readonly id: string;
  readonly key: SeriesKey;
  standing: AlertStanding;
  /** The current state as plain data, with its texts. */
  describe(): Alert;
}

/** The same, as the book keeps it. */
export interface Tracked extends TrackedAlert {
  source: AlertSource;
  readonly usual: UsualLevel;
  /** `undefined` if growth does not raise the alert. */
  readonly growth: SteadyGrowth | undefined;
  at: number;
  reading: SourceReading | undefined;
  reason: Alert["reason"];
}

/** A new alert, which is inactive. */
export function track(rule: ResolvedAlert, source: AlertSource, now: number): Tracked {
  const { key } = source.plan;
  const tracked: Tracked = {
    rule,
    source,
    key,
    id: idOf(rule, source),
    usual: new UsualLevel(rule.horizon.seconds * 1000),
    growth: rule.onGrowth ? new SteadyGrowth(rule.condition.threshold, rule.horizon.seconds) : undefined,
    standing: inactiveSince(now),
    at: now,
    reading: source.readingAt(rule.horizon),
    reason: undefined,
    describe: () => alertOf(tracked, tracked.source.plan),
  };
  return tracked;
}

const RULE = "\u0002alert ";

/** Identifies an alert, also after its series has gone and come back. */
export function idOf(rule: ResolvedAlert, { plan }: AlertSource): string {
  return `${seriesId(plan.key)}${RULE}${rule.name}`;
}

/** The id of the series of an alert. */
export function seriesOfAlert(id: string): string {
  const end = id.lastIndexOf(RULE);
  return end < 0 ? id : id.slice(0, end);
}

/**
 * When a total that is above its threshold starts from 0 again. It only rises before then, so its
 * alert is right until then even if its source has gone. `undefined` for all other alerts.
 */
export function passedUntil({ rule, standing, source, at }: Tracked): number | undefined {
  const isAbove = rule.condition.threshold.direction === "above";
  if (!isAbove || standing.state !== "firing" || standing.crossing?.since === undefined) return undefined;
  return source.plan.kind.nextStart(at);
}
