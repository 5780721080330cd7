import type { Attributes } from "@opentelemetry/api";
import { millisToHrTime } from "@opentelemetry/core";
import { AttributesHash } from "./unchanging-attributes.ts";

/** Private parts of the SDK: a map by attribute sets. A hash may be passed, if it is known. */
interface HashMap {
  get(key: Attributes, hash?: string): { record(value: number): void } | undefined;
  set(key: Attributes, value: { record(value: number): void }, hash?: string): void;
  readonly _hash?: (attributes: Attributes) => string;
}

/** Private parts of the SDK: what was recorded since the last collection of any reader. */
export interface DeltaStorage {
  readonly _activeCollectionStorage: HashMap;
  readonly _cardinalityLimit?: number;
  readonly _overflowAttributes?: Attributes;
  readonly _aggregator?: { createAccumulation(startTime: [number, number]): { record(value: number): void } };
  record?(value: number, attributes: Attributes, recordedAt: number): void;
}

type Bounded = Required<Pick<DeltaStorage, "_cardinalityLimit" | "_overflowAttributes" | "_aggregator">> &
  Pick<DeltaStorage, "_activeCollectionStorage" | "record">;

/**
 * Limits the attribute sets of an instrument until they are forgotten. The SDK has the limit anew after
 * each collection: a reader that adds up, or one that never collects, would keep all sets that there
 * have ever been.
 */
export class BoundedStorage {
  readonly #storage: Bounded;
  readonly #hash: AttributesHash;
  /** The hashes of the sets that have room. */
  readonly #known: Set<string>;

  private constructor(storage: Bounded, hash: (attributes: Attributes) => string, known: Iterable<string>) {
    this.#storage = storage;
    this.#hash = new AttributesHash(hash);
    this.#known = new Set(known);
    storage.record = this.#record.bind(this);
  }

  /**
   * @param known hashes of the sets that were recorded already.
   * @returns `undefined` if the SDK is another than expected. Then it is as it was.
   */
  static of(storage: DeltaStorage, known: Iterable<string>): BoundedStorage | undefined {
    const { _hash: hash } = storage._activeCollectionStorage;
    const { _cardinalityLimit: limit, _overflowAttributes: overflow, _aggregator: aggregator } = storage;
    const isExpected =
      typeof hash === "function" &&
      typeof limit === "number" &&
      typeof overflow === "object" &&
      typeof aggregator?.createAccumulation === "function" &&
      typeof storage.record === "function";
    return isExpected ? new BoundedStorage(storage as Bounded, hash, known) : undefined;
  }

  /** Makes room: a set was forgotten. */
  forget(attributes: Attributes): void {
    this.#known.delete(this.#hash.of(attributes));
  }

  #record(value: number, attributes: Attributes, recordedAt: number): void {
    const hash = this.#hash.of(attributes);
    const known = this.#storage._activeCollectionStorage.get(attributes, hash);
    if (known !== undefined) known.record(value);
    else if (this.#hasRoom(hash)) this.#add(value, attributes, hash, recordedAt);
    else {
      const { _overflowAttributes: overflow, _activeCollectionStorage: active } = this.#storage;
      const others = active.get(overflow);
      if (others === undefined) this.#add(value, overflow, undefined, recordedAt);
      else others.record(value);
    }
  }

  #hasRoom(hash: string): boolean {
    if (this.#known.has(hash)) return true;
    if (this.#known.size >= this.#storage._cardinalityLimit) return false;
    this.#known.add(hash);
    return true;
  }

  #add(value: number, attributes: Attributes, hash: string | undefined, recordedAt: number): void {
    const added = this.#storage._aggregator.createAccumulation(millisToHrTime(recordedAt));
    added.record(value);
    this.#storage._activeCollectionStorage.set(attributes, added, hash);
  }
}
