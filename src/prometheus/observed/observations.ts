import { type Attributes, diag, type HrTime, type ObservableResult, ValueType } from "@opentelemetry/api";
import { hashOf, type ObservedSet } from "./observed-set.ts";
import type { Observation, Observed, ObservedSets } from "./observed-sets.ts";

/** How far ahead a set is looked for if sets before it are no longer observed. */
const MAX_GAP = 16;

const NONE: Attributes = {};

/** The instrument that is observed. */
export interface ObservedInstrument {
  readonly name: string;
  readonly valueType: ValueType;
  readonly sets: ObservedSets;
  /** Tells other readers of values. */
  tell(observed: ReadonlyMap<string, Observed>, at: HrTime): void;
}

/**
 * What one call of a callback observes of an instrument. It counts when it is committed: a callback
 * that throws, or is too late, has observed nothing.
 *
 * Callbacks observe the same sets in the same order nearly always. So attributes are compared with
 * those at the same place of the call before, which is much cheaper than to hash them.
 */
export class Observations implements ObservableResult {
  readonly #instrument: ObservedInstrument;
  /** What the call before observed, in its order. */
  readonly #before: readonly ObservedSet[];
  #next = 0;
  /** How many sets were the same as before, from the first one on. */
  #same = 0;
  /** The sets after those. */
  readonly #others: ObservedSet[] = [];
  readonly #values: number[] = [];
  readonly #newcomers = new Map<string, Observed>();

  constructor(instrument: ObservedInstrument, before: readonly ObservedSet[]) {
    this.#instrument = instrument;
    this.#before = before;
  }

  observe(value: number, attributes: Attributes = NONE): void {
    const number = this.#checked(value);
    if (number === undefined) return;
    const expected = this.#before[this.#next];
    if (expected?.has(attributes) === true && !expected.isForgotten) {
      if (this.#others.length === 0) this.#same += 1;
      else this.#others.push(expected);
      this.#next += 1;
      this.#values.push(number);
    } else this.#observeOther(number, attributes);
  }

  /**
   * Takes over what was observed. New sets go to other readers at once, because each reader counts
   * them for its cardinality limit. Returns the sets in their order, for the next call.
   */
  commit(observation: Observation): readonly ObservedSet[] {
    const { sets } = this.#instrument;
    const observed = this.#observed();
    for (let index = 0; index < observed.length; index += 1) {
      const set = observed[index] as ObservedSet;
      const value = this.#values[index] as number;
      if (set.isForgotten) this.#newcomers.set(set.hash, { attributes: set.attributes, value });
      else sets.put(set, value, observation.isUnshared);
    }
    if (this.#newcomers.size === 0) return observed;
    for (const [hash, newcomer] of this.#newcomers) sets.take(hash, newcomer, observation.at);
    if (observation.isUnshared) this.#instrument.tell(this.#newcomers, observation.at);
    const known = Array.from(this.#newcomers.keys(), (hash) => sets.find(hash));
    return [...observed, ...known.filter((set) => set !== undefined)];
  }

  #observed(): readonly ObservedSet[] {
    const isSame = this.#same === this.#before.length && this.#others.length === 0;
    return isSame ? this.#before : [...this.#before.slice(0, this.#same), ...this.#others];
  }

  /** Another set than at this place before. */
  #observeOther(value: number, attributes: Attributes): void {
    const set = this.#findAhead(attributes) ?? this.#findByHash(value, attributes);
    if (set === undefined) return;
    this.#others.push(set);
    this.#values.push(value);
  }

  #findAhead(attributes: Attributes): ObservedSet | undefined {
    const end = Math.min(this.#next + MAX_GAP, this.#before.length);
    for (let index = this.#next + 1; index < end; index += 1) {
      const set = this.#before[index] as ObservedSet;
      if (!set.has(attributes) || set.isForgotten) continue;
      this.#next = index + 1;
      return set;
    }
    return undefined;
  }

  /** `undefined` if the set is new: its value is noted. */
  #findByHash(value: number, attributes: Attributes): ObservedSet | undefined {
    const hash = hashOf(attributes);
    const known = this.#instrument.sets.find(hash);
    // A copy: the application may change the object.
    if (known === undefined)
      this.#newcomers.set(hash, {
        attributes: this.#newcomers.get(hash)?.attributes ?? { ...attributes },
        value,
      });
    return known;
  }

  /** The number that the SDK would take; `undefined` if it would take none. */
  #checked(value: unknown): number | undefined {
    const { name, valueType } = this.#instrument;
    if (typeof value !== "number") {
      diag.warn(`non-number value provided to metric ${name}: ${value}`);
      return undefined;
    }
    if (valueType !== ValueType.INT || Number.isInteger(value)) return value;
    diag.warn(
      `INT value type cannot accept a floating-point value for ${name}, ignoring the fractional digits.`,
    );
    const whole = Math.trunc(value);
    return Number.isInteger(whole) ? whole : undefined;
  }
}
