import type { Attributes, HrTime } from "@opentelemetry/api";
import { Observations } from "./observations.ts";
import type { ObservedSet } from "./observed-set.ts";
import type { ObservedStorage } from "./observed-storage.ts";

/** What a callback observed at its last call, in its order, by instrument. */
export type ObservedBefore = Map<unknown, readonly ObservedSet[]>;

/** One call of a callback, which observes one instrument or several. */
export class ObserverCall {
  readonly #storages: ReadonlyMap<unknown, ObservedStorage>;
  readonly #before: ObservedBefore;
  readonly #observations = new Map<unknown, Observations>();

  constructor(storages: ReadonlyMap<unknown, ObservedStorage>, before: ObservedBefore) {
    this.#storages = storages;
    this.#before = before;
  }

  /** What the callback is given: with the instrument as first argument if it observes several. */
  resultOf(observesSeveral: boolean): unknown {
    if (observesSeveral)
      return {
        observe: (instrument: unknown, value: number, attributes?: Attributes) =>
          this.#observationsOf(instrument)?.observe(value, attributes),
      };
    const [instrument] = this.#storages.keys();
    return this.#observationsOf(instrument);
  }

  /** Takes over what was observed, in the order in which the instruments were given. */
  commit(at: HrTime): void {
    for (const [instrument, storage] of this.#storages) {
      const observations = this.#observations.get(instrument);
      if (observations !== undefined)
        this.#before.set(instrument, observations.commit(storage.observationAt(at)));
    }
  }

  #observationsOf(instrument: unknown): Observations | undefined {
    const known = this.#observations.get(instrument);
    const storage = this.#storages.get(instrument);
    if (known !== undefined || storage === undefined) return known;
    const observations = new Observations(storage, this.#before.get(instrument) ?? []);
    this.#observations.set(instrument, observations);
    return observations;
  }
}
