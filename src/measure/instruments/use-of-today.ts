import type { UsedByMember, UsedToday } from "../../agents/used-today.ts";
import { DAY_MILLIS } from "../../core/durations.ts";
import { type LocalClock, localTime } from "../../series/local-clock.ts";
import { AgentUses, type Use } from "./agent-uses.ts";

/**
 * Members that are kept apart, so that none is counted twice. No more report at once: the one that
 * has not reported for longest has ended.
 */
const MAX_APART = 512;

/**
 * What was used since midnight, by agent and model: by the agents of this process, and by those of
 * its members. A day begins at midnight of the clock; without a clock it is midnight UTC.
 */
export class UseOfToday {
  readonly own = new AgentUses();
  /** By id. The member that reported last is the last. */
  readonly #members = new Map<string, AgentUses>();
  /** Members that have ended, and those of the last process. */
  readonly #ended = new AgentUses();
  readonly #clock: LocalClock | undefined;
  #day = Number.NaN;

  constructor(clock: LocalClock | undefined) {
    this.#clock = clock;
  }

  /**
   * Begins a new day if `now` (epoch milliseconds) is on another day than before. A clock that is
   * set back over midnight does not end the day.
   */
  moveTo(now: number): void {
    const day = this.#dayOf(now);
    if (isSameDay(this.#day, day)) return;
    this.#day = day;
    for (const uses of this.#all) uses.startDay();
  }

  /** What each agent of this process used today. */
  usedToday(now: number): UsedToday[] {
    return this.#ofToday(this.own.used(), now);
  }

  /** What the agents of members used today, of members that have ended too. */
  usedByMembers(now: number): UsedToday[] {
    return this.#ofToday(merged([this.#ended, ...this.#members.values()]), now);
  }

  /** What all agents used today, with one entry for each name. */
  usedByEverything(now: number): UsedToday[] {
    return this.#ofToday(merged(this.#all), now);
  }

  /**
   * Replaces what a member used today. What it used stays after it has ended, until midnight.
   *
   * @param id identifies the member over all its connections.
   */
  takeMember(id: string, used: readonly UsedToday[], now: number): void {
    this.moveTo(now);
    const uses = this.#members.get(id) ?? new AgentUses();
    this.#members.delete(id);
    this.#members.set(id, uses);
    this.#foldEnded();
    // Zeros are kept until they were observed: a sum has to fall at midnight.
    uses.startDay();
    for (const entry of this.#ofToday(used, now)) uses.add(entry);
  }

  /** What each member used today, and under `idOfEnded` what members used that have ended. */
  usedByEachMember(idOfEnded: string, now: number): UsedByMember[] {
    return [[idOfEnded, this.#ended] as const, ...this.#members].map(([id, uses]) => ({
      id,
      today: this.#ofToday(uses.used(), now),
    }));
  }

  /** Adds what the agents of the last process used today, as far as `isKept`. */
  restore(used: readonly UsedToday[], now: number, isKept: (agent: string) => boolean): void {
    this.moveTo(now);
    for (const entry of this.#ofToday(used, now)) {
      if (this.own.has(entry.agent) || isKept(entry.agent)) this.own.add(entry, { isRestored: true });
    }
  }

  /** Adds what the members of the last process used today. */
  restoreMembers(used: readonly UsedToday[], now: number): void {
    this.moveTo(now);
    for (const entry of this.#ofToday(used, now)) this.#ended.add(entry);
  }

  /** Everything, with one sum for each agent and model. */
  *everything(): Iterable<Use> {
    if (this.#members.size + this.#ended.size === 0) return yield* this.own;
    const sums = new AgentUses();
    for (const uses of this.#all) for (const use of uses) sums.addUse(use);
    yield* sums;
  }

  /**
   * Forgets agents that are gone and have used nothing today.
   *
   * @returns the agents of this process that are forgotten.
   */
  forgetUnused(isThere: (agent: string) => boolean): string[] {
    this.#ended.forgetUnused(() => false);
    for (const [id, uses] of this.#members) {
      uses.forgetUnused(() => false);
      if (uses.size === 0) this.#members.delete(id);
    }
    return this.own.forgetUnused(isThere);
  }

  get #all(): AgentUses[] {
    return [this.own, this.#ended, ...this.#members.values()];
  }

  #foldEnded(): void {
    const [oldest] = this.#members;
    if (oldest === undefined || this.#members.size <= MAX_APART) return;
    const [id, uses] = oldest;
    for (const used of uses.used()) this.#ended.add(used);
    this.#members.delete(id);
  }

  #ofToday(used: readonly UsedToday[], now: number): UsedToday[] {
    const today = this.#dayOf(now);
    return used.filter(({ lastUsedAt }) => isSameDay(this.#dayOf(lastUsedAt), today));
  }

  #dayOf(at: number): number {
    return Math.floor(localTime(this.#clock, at) / DAY_MILLIS);
  }
}

/** Whether use of a day still counts on `today`, which the clock may have been set back to. */
function isSameDay(day: number, today: number): boolean {
  return day === today || day === today + 1;
}

function merged(all: Iterable<AgentUses>): UsedToday[] {
  const sums = new AgentUses();
  for (const uses of all) for (const used of uses.used()) sums.add(used);
  return sums.used();
}
