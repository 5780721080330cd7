import { type Labels, type SeriesKey, seriesId } from "../core/series-key.ts";
import { YieldingRunner } from "../core/yielding-runner.ts";
import type { SeriesSnapshot } from "../series/series-snapshot.ts";
import type { BackfillClock, Outcome } from "./backfill-options.ts";
import { GatheredPast } from "./gathered-past.ts";
import { type ChooseSeries, type FoundSeries, type Match, matchesOf } from "./matching.ts";
import type { PastApi } from "./past-api.ts";
import { labelsInPrometheus } from "./past-question.ts";
import { selectorOf } from "./selector.ts";
import type { TierRange } from "./tier-ranges.ts";
import type { AskedGroup, Member } from "./waiting-series.ts";

/** How a group is asked for. */
export interface AskingParts {
  readonly api: PastApi;
  readonly choose: ChooseSeries;
  readonly clock: BackfillClock;
  readonly signal: AbortSignal;
  /** Adds a series to a group whose series were not known. */
  join(key: SeriesKey): void;
}

/** What was found of the past of a series. */
export interface Past {
  readonly outcome: Outcome;
  readonly snapshot?: SeriesSnapshot;
}

/** What was answered for a group. */
export interface Answered {
  /** The error that ended it before all was answered. */
  readonly error?: unknown;
  /**
   * The past of a series of the group, up to what was held. It can be read once.
   *
   * @param id that of the member.
   */
  pastOf(id: string, member: Member): Past;
}

/** Asks for the past of a group. Never rejects: what was answered before an error is used. */
export async function answerOf(group: AskedGroup, parts: AskingParts): Promise<Answered> {
  const { api, clock, signal } = parts;
  const gathered = new GatheredPast(group.resolutions, clock.now(), group.since);
  let matches: ReadonlyMap<string, Match> = new Map();
  let error: unknown;
  try {
    const expression = expressionOf(group);
    const found = await api.presence(expression, gathered.ranges[0] as TierRange, signal);
    matches = group.keyOf === undefined ? matchesOfMembers(group, found, parts) : joined(group, found, parts);
    const ids = new Set<string>();
    for (const match of matches.values()) if (typeof match === "object") ids.add(idOf(match.found.labels));
    const slices = new YieldingRunner(clock);
    for (const id of ids) {
      gathered.add(id);
      if (slices.isDue) await slices.pause();
    }
    const known = (labels: Labels): string | undefined => {
      const id = idOf(labels);
      return ids.has(id) ? id : undefined;
    };
    if (ids.size > 0) await api.fill(gathered, { expression, series: found.length, idOf: known, signal });
  } catch (thrown) {
    error = thrown;
  }
  return {
    ...(error === undefined ? {} : { error }),
    pastOf: (id, { held, kept }) => {
      const match = matches.get(id);
      if (typeof match !== "object")
        return { outcome: match ?? (error === undefined ? "no_past" : "failed") };
      const own = idOf(match.found.labels);
      const snapshot = gathered.snapshotOf(own, held[0]?.at, kept?.snapshot());
      gathered.delete(own);
      if (error !== undefined)
        return snapshot === undefined ? { outcome: "failed" } : { outcome: "failed", snapshot };
      return snapshot === undefined ? { outcome: "no_past" } : { outcome: "restored", snapshot };
    },
  };
}

function expressionOf({ question, keyOf, members }: AskedGroup): string {
  if (keyOf !== undefined || question.isExact) return question.expression("");
  return question.expression(
    selectorOf(Array.from(members.values(), ({ key }) => labelsInPrometheus(key.labels))),
  );
}

/** The series of the API that are those of the members. */
function matchesOfMembers(
  { members, question: { isExact } }: AskedGroup,
  found: readonly FoundSeries[],
  { choose }: AskingParts,
): Map<string, Match> {
  const ours = new Map<string, Labels>();
  for (const [id, { key }] of members) ours.set(id, isExact ? key.labels : labelsInPrometheus(key.labels));
  return matchesOf(ours, found, { isExact, choose });
}

/** All series of the API become members. */
function joined(
  { keyOf }: AskedGroup,
  found: readonly FoundSeries[],
  { join }: AskingParts,
): Map<string, Match> {
  const matches = new Map<string, Match>();
  for (const series of found) {
    const key = keyOf?.(withoutName(series.labels));
    if (key === undefined) continue;
    const id = seriesId(key);
    if (!matches.has(id)) join(key);
    matches.set(id, matches.has(id) ? "ambiguous" : { found: series });
  }
  return matches;
}

function withoutName({ __name__: _, ...labels }: Labels): Labels {
  return labels;
}

function idOf(labels: Labels): string {
  return seriesId({ metric: "", labels: withoutName(labels) });
}
