/** The maximum of neighbours that may have gone since the last round. Beyond it, nothing is found. */
const MAX_GAP = 16;

/**
 * Remembers what belongs to the items of a list that comes again and again, such as the points of an
 * instrument. Most lists have the same items in the same order each time. So an item is looked for
 * where it was in the last round, which costs one comparison and no hash. Where it was not found,
 * the user finds it in another way.
 */
export class RememberedPlaces<Item, Found> {
  /** The items of this round, and what belongs to them. */
  #items: Item[] = [];
  #found: Found[] = [];
  #count = 0;
  /** Those of the last round. */
  #lastItems: Item[] = [];
  #lastFound: Found[] = [];
  #next = 0;

  /** Begins a round: the list comes again. */
  begin(): void {
    [this.#items, this.#lastItems] = [this.#lastItems, this.#items];
    [this.#found, this.#lastFound] = [this.#lastFound, this.#found];
    // What was longer in the round before must not be held any more.
    this.#lastItems.length = this.#count;
    this.#lastFound.length = this.#count;
    this.#count = 0;
    this.#next = 0;
  }

  /** What belonged to this item in the last round. */
  find(item: Item): Found | undefined {
    return this.findBy(isIdentical, item);
  }

  /** What belonged to the next item that fits what is given. */
  findBy<Given>(fits: (item: Item, given: Given) => boolean, given: Given): Found | undefined {
    const end = Math.min(this.#next + MAX_GAP, this.#lastItems.length);
    for (let place = this.#next; place < end; place += 1) {
      if (!fits(this.#lastItems[place] as Item, given)) continue;
      this.#next = place + 1;
      return this.#lastFound[place];
    }
    return undefined;
  }

  /** Takes note of an item of this round. */
  keep(item: Item, found: Found): void {
    this.#items[this.#count] = item;
    this.#found[this.#count] = found;
    this.#count += 1;
  }
}

function isIdentical<Item>(one: Item, other: Item): boolean {
  return one === other;
}
