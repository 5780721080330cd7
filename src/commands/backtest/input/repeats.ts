import type { LocalClock } from "../../../series/local-clock.ts";
import { BadInput } from "../../bad-input.ts";
import { epochTimes } from "./times/local-times.ts";
import type { WrittenTime } from "./times/written-time.ts";

/** The values of one time, with the place that they come from. */
export interface Reading {
  readonly line: number;
  readonly at: number;
  readonly values: readonly number[];
  /** The whole row or object, as text. */
  readonly written: string;
}

/** A few times with several values, such as the hour that comes twice in autumn, are averaged. */
const FEW = 0.05;

/** What a table or file offers to distinguish series. */
export interface Distinction {
  readonly source: string;
  /** Whether a column or a field could distinguish them. */
  readonly isPossible: boolean;
  /** How to do it, as text for the user. */
  readonly hint: string;
}

/**
 * Leaves out readings that repeat another. Different readings of the same time are several series
 * in one, unless there are few of them and nothing distinguishes them: these are averaged later.
 *
 * @throws BadInput when the readings are several series.
 */
export function withoutRepeats(
  readings: readonly Reading[],
  distinction: () => Distinction,
  notes: string[],
): Reading[] {
  const byTime = new Map<number, { readonly first: Reading; readonly written: Set<string> }>();
  const kept: Reading[] = [];
  let different: readonly [Reading, Reading] | undefined;
  let differences = 0;
  for (const reading of readings) {
    const known = byTime.get(reading.at);
    if (known === undefined) {
      byTime.set(reading.at, { first: reading, written: new Set([reading.written]) });
    } else {
      if (known.written.has(reading.written)) continue;
      known.written.add(reading.written);
      differences += 1;
      different ??= [known.first, reading];
    }
    kept.push(reading);
  }
  const repeated = readings.length - kept.length;
  if (different !== undefined) {
    const { source, isPossible, hint } = distinction();
    const [one, other] = different;
    const place = `the time ${new Date(one.at).toISOString()} is in lines ${one.line} and ${other.line}`;
    if (isPossible || differences > FEW * readings.length) {
      throw new BadInput(`${source}:${other.line}: ${place}: ${hint}`);
    }
    notes.push(`${place}: such values are averaged (${differences} of ${readings.length} rows); ${hint}`);
  }
  if (repeated > 0)
    notes.push(`rows that repeat another row are read once (${repeated} of ${readings.length})`);
  return kept;
}

/** The epoch milliseconds of the times of one series; without a clock, local times are UTC. */
export function timesOf(times: readonly WrittenTime[], clock: LocalClock | undefined): number[] {
  return clock === undefined ? times.map(({ at }) => at) : epochTimes(times, clock);
}
