import type { Attributes, AttributeValue, HrTime } from "@opentelemetry/api";
import type { DataPoint } from "@opentelemetry/sdk-metrics";

/**
 * An attribute set of an observable instrument with the last value that was observed. It is the data
 * point too. It has a copy of the attributes: applications change and reuse their objects.
 */
export class ObservedSet implements DataPoint<number> {
  readonly attributes: Attributes;
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  value = Number.NaN;
  readonly #hash: string;
  /** Absent if a value is an array: the application may change it, so sets are compared by hash. */
  readonly #keys: readonly string[] | undefined;
  #isForgotten = false;
  #isUnshared = false;
  #isUnread = false;

  /**
   * @param of.endTime the time of the last collection; all sets of an instrument share it.
   * @param like a set that may have the same keys, which are stored once then.
   */
  constructor(
    of: { hash: string; attributes: Attributes; startTime: HrTime; endTime: HrTime },
    like: ObservedSet | undefined,
  ) {
    this.attributes = copyOf(of.attributes);
    this.startTime = of.startTime;
    this.endTime = of.endTime;
    this.#hash = of.hash;
    this.#keys = Object.values(of.attributes).some(isChangeable)
      ? undefined
      : keysLike(like === undefined ? undefined : like.#keys, Object.keys(of.attributes));
  }

  get hash(): string {
    return this.#hash;
  }

  /** Whether it has left its instrument. */
  get isForgotten(): boolean {
    return this.#isForgotten;
  }

  forget(): void {
    this.#isForgotten = true;
  }

  /** Whether the value has not gone to other readers yet. */
  get isUnshared(): boolean {
    return this.#isUnshared;
  }

  set isUnshared(is: boolean) {
    this.#isUnshared = is;
  }

  /** Whether our collection has not read the value yet. */
  get isUnread(): boolean {
    return this.#isUnread;
  }

  set isUnread(is: boolean) {
    this.#isUnread = is;
  }

  /**
   * Whether the attributes are those of the set, in the same order. `false` may be wrong: then their
   * hash decides.
   */
  has(attributes: Attributes): boolean {
    const keys = this.#keys;
    const own = this.attributes;
    if (keys === undefined) return false;
    let index = 0;
    for (const key in attributes) {
      if (key !== keys[index] || attributes[key] !== own[key]) return false;
      if (!Object.hasOwn(attributes, key)) return false;
      index += 1;
    }
    return index === keys.length && attributes !== null;
  }
}

/**
 * The identity of an attribute set, whatever the order of its keys. It is the same as in the SDK.
 *
 * @throws TypeError for values that JSON cannot express.
 */
export function hashOf(attributes: Attributes): string {
  const keys = Object.keys(attributes);
  return keys.length === 0 ? "" : JSON.stringify(keys.sort().map((key) => [key, attributes[key]]));
}

/**
 * The attributes that had this hash when they were observed. An application may have changed the
 * object since then.
 */
export function asHashed(attributes: Attributes, hash: string): Attributes {
  try {
    if (hashOf(attributes) === hash) return attributes;
  } catch {
    // It has been changed to what JSON cannot express.
  }
  return hash === "" ? {} : Object.fromEntries(JSON.parse(hash));
}

function copyOf(attributes: Attributes): Attributes {
  const copy = { ...attributes };
  for (const [key, value] of Object.entries(copy))
    if (Array.isArray(value)) copy[key] = value.slice() as AttributeValue;
  return copy;
}

function isChangeable(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

/** The keys, in the array of another set if they are the same. */
function keysLike(others: readonly string[] | undefined, keys: readonly string[]): readonly string[] {
  const isSame = others?.length === keys.length && keys.every((key, index) => key === others[index]);
  return isSame ? others : keys;
}
