/** The last `capacity` ids that were added, so that one that comes back is known. All in O(1). */
export class RecentIds {
  readonly #capacity: number;
  readonly #ids = new Set<string>();
  /** The same, by age: a set finds its oldest member only by passing over all that were deleted before it. */
  readonly #byAge: string[] = [];
  #oldest = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Remembers an id that is not remembered yet; beyond the capacity the oldest is forgotten. */
  add(id: string): void {
    if (this.#ids.has(id)) return;
    this.#ids.add(id);
    if (this.#byAge.length < this.#capacity) {
      this.#byAge.push(id);
      return;
    }
    this.#ids.delete(this.#byAge[this.#oldest] as string);
    this.#byAge[this.#oldest] = id;
    this.#oldest = (this.#oldest + 1) % this.#capacity;
  }
}
