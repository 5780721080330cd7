import { type Labels, seriesId } from "../../core/series-key.ts";

/** The same text for the same labels, whatever metric has them. */
export function labelsKey(labels: Labels): string {
  return seriesId({ metric: "", labels });
}

/**
 * Tells which partition a series belongs to: the one that the points of its stream come from. All series
 * with the same labels belong to the same partition. Labels are told by their `labelsKey`.
 */
export class PartitionHomes {
  #homes = new Map<string, number>();
  /** Those that the save that goes on has named. */
  #named: Map<string, number> | undefined;

  set(key: string, partition: number): void {
    this.#homes.set(key, partition);
    this.#named?.set(key, partition);
  }

  /** The partition of a series; `undefined`: it does not come from Kafka. */
  of(key: string): number | undefined {
    const home = this.#homes.get(key);
    if (home !== undefined) this.#named?.set(key, home);
    return home;
  }

  forget(partition: number): void {
    for (const homes of [this.#homes, this.#named ?? []])
      for (const [key, home] of homes) if (home === partition) (homes as Map<string, number>).delete(key);
  }

  /** A save that names everything begins. */
  beginNaming(): void {
    this.#named = new Map();
  }

  /**
   * Forgets the labels that the save has not named: nothing has them any more.
   *
   * @param isWhole whether the save has come to its end. One that has not may not have named all.
   */
  endNaming(isWhole: boolean): void {
    if (isWhole) this.#homes = this.#named ?? this.#homes;
    this.#named = undefined;
  }
}
