import type { Sample } from "../core/sample.ts";
import { type Labels, type SeriesKey, seriesId } from "../core/series-key.ts";
import type { Resolution } from "../series/resolution.ts";
import type { SeriesSnapshot } from "../series/series-snapshot.ts";
import { TieredSeries } from "../series/tiered-series.ts";
import type { PastQuestion } from "./past-question.ts";

/** A series that is stored, and lacks what is newer. */
export interface KeptSeries {
  /** The time of its newest sample, in epoch milliseconds. */
  readonly newestAt: number;
  /** `undefined` if it is not stored any more. */
  snapshot(): SeriesSnapshot | undefined;
}

/** How a series is asked for. */
export interface AskedSeries {
  /** The tiers that it is stored in. Default: all. */
  readonly resolutions?: readonly Resolution[];
  /** Absent: it is not stored. */
  readonly kept?: KeptSeries | undefined;
}

/** A series that waits for its past, and its samples since then. */
export interface Member {
  readonly key: SeriesKey;
  readonly kept: KeptSeries | undefined;
  readonly held: Sample[];
}

/** Series that are asked for together. */
export interface AskedGroup {
  readonly question: PastQuestion;
  readonly resolutions: readonly Resolution[];
  /** Set if all series of the metric are asked for: the key for labels of the API. */
  readonly keyOf: ((labels: Labels) => SeriesKey | undefined) | undefined;
  /** What is older is known of all members; `undefined`: nothing is known of them. */
  since: number | undefined;
  /** By the id of their keys. */
  readonly members: Map<string, Member>;
  isEnded: boolean;
}

/** The series that wait for their past. */
export class WaitingSeries {
  readonly #groups = new Set<AskedGroup>();
  /** Groups that are not asked for yet, by metric and tiers. */
  readonly #open = new Map<string, AskedGroup>();
  readonly #groupOf = new Map<string, AskedGroup>();
  /** The groups of whole metrics. */
  readonly #whole = new Map<string, AskedGroup>();

  get groups(): readonly AskedGroup[] {
    return [...this.#groups];
  }

  get count(): number {
    let unknown = 0;
    for (const group of this.#whole.values()) if (group.members.size === 0) unknown += 1;
    return this.#groupOf.size + unknown;
  }

  has(key: SeriesKey): boolean {
    return this.#whole.has(key.metric) || this.#groupOf.has(seriesId(key));
  }

  add(key: SeriesKey, question: PastQuestion, resolutions: readonly Resolution[], kept?: KeptSeries): void {
    const isKept = kept !== undefined;
    const kind = `${question.metric} ${resolutions.length} ${isKept} ${question.expression("")}`;
    let group = this.#open.get(kind);
    if (group === undefined) {
      group = newGroup(question, resolutions, undefined);
      this.#open.set(kind, group);
      this.#groups.add(group);
    }
    if (isKept) group.since = Math.min(group.since ?? kept.newestAt, kept.newestAt);
    this.join(group, key, seriesId(key), kept);
  }

  addAll(
    question: PastQuestion,
    keyOf: (labels: Labels) => SeriesKey | undefined,
    resolutions: readonly Resolution[],
  ): void {
    if (this.#whole.has(question.metric)) return;
    const group = newGroup(question, resolutions, keyOf);
    this.#open.set(`whole ${question.metric}`, group);
    this.#groups.add(group);
    this.#whole.set(question.metric, group);
  }

  /** Takes the groups that are to be asked for now. Further series form new groups. */
  takeGroups(): AskedGroup[] {
    const groups = [...this.#open.values()];
    this.#open.clear();
    return groups;
  }

  /** Adds a series to a group. */
  join(group: AskedGroup, key: SeriesKey, id = seriesId(key), kept?: KeptSeries): void {
    if (this.#groupOf.has(id)) return;
    this.#groupOf.set(id, group);
    group.members.set(id, { key, kept, held: [] });
  }

  /** Keeps a sample of a series that waits. Returns whether it was kept. */
  hold(key: SeriesKey, sample: Sample, id: string): boolean {
    let group = this.#groupOf.get(id);
    if (group === undefined) {
      group = this.#whole.get(key.metric);
      if (group === undefined) return false;
      this.join(group, key, id);
    }
    group.members.get(id)?.held.push(sample);
    return true;
  }

  /** From now on, series that are new do not belong to the group. */
  close(group: AskedGroup): void {
    if (this.#whole.get(group.question.metric) === group) this.#whole.delete(group.question.metric);
  }

  /** A series waits no longer. Returns it with its past and with the samples that were held. */
  release(
    group: AskedGroup,
    id: string,
    past: SeriesSnapshot | undefined,
  ): { readonly key: SeriesKey; readonly snapshot: SeriesSnapshot | undefined } {
    const { key, kept, held } = group.members.get(id) as Member;
    group.members.delete(id);
    this.#groupOf.delete(id);
    return { key, snapshot: withSamples(past ?? kept?.snapshot(), held, group.resolutions) };
  }

  delete(group: AskedGroup): void {
    this.close(group);
    this.#groups.delete(group);
  }
}

function newGroup(
  question: PastQuestion,
  resolutions: readonly Resolution[],
  keyOf: AskedGroup["keyOf"],
): AskedGroup {
  return { question, resolutions, keyOf, since: undefined, members: new Map(), isEnded: false };
}

function withSamples(
  past: SeriesSnapshot | undefined,
  samples: readonly Sample[],
  resolutions: readonly Resolution[],
): SeriesSnapshot | undefined {
  const last = samples.at(-1);
  if (last === undefined) return past;
  const options = { resolutions };
  const series =
    past === undefined ? new TieredSeries(options) : TieredSeries.restore(past, options, last.at);
  for (const sample of samples) series.append(sample);
  return series.latest === undefined ? undefined : series.snapshot();
}
