/** The maximum of neighbours that may have gone since the last round. Beyond it, nothing is found. */
const MAX_GAP = 16;

/**
 * Remembers what belongs to the items of a list that comes again and again, such as the points of an
 * instrument. Most lists have the same items in the same order each time. So an item is looked for
 * where it was in the last round, which costs one comparison and no hash. Where it was not found,
 * the user finds it in another way. A round like the last one stores nothing.
 */
export class RememberedPlaces<Item, Found> {
  #last: Round<Item, Found> = emptyRound();
  /** This round, as soon as it is not like the last one. */
  #round: Round<Item, Found> | undefined;
  #count = 0;
  #next = 0;

  /** Begins a round: the list comes again. */
  begin(): void {
    if (this.#round !== undefined) this.#last = this.#round;
    else if (this.#count < this.#last.items.length) this.#last = firstOf(this.#last, this.#count);
    this.#round = undefined;
    this.#count = 0;
    this.#next = 0;
  }

  /** What belonged to this item in the last round. */
  find(item: Item): Found | undefined {
    return this.findBy(isIdentical, item);
  }

  /** What belonged to the next item that fits what is given. */
  findBy<Given>(fits: (item: Item, given: Given) => boolean, given: Given): Found | undefined {
    const { items, found } = this.#last;
    const end = Math.min(this.#next + MAX_GAP, items.length);
    for (let place = this.#next; place < end; place += 1) {
      if (!fits(items[place] as Item, given)) continue;
      this.#next = place + 1;
      return found[place];
    }
    return undefined;
  }

  /** Takes note of an item of this round. */
  keep(item: Item, found: Found): void {
    const place = this.#count;
    this.#count += 1;
    const { items: lastItems, found: lastFound } = this.#last;
    const isLikeLast = this.#round === undefined && place < lastItems.length;
    if (isLikeLast && lastItems[place] === item && lastFound[place] === found) return;
    this.#round ??= firstOf(this.#last, place);
    const round = this.#round;
    if (isOneList(round) && (found as unknown) !== item)
      round.found = round.items.slice() as unknown[] as Found[];
    if (!isOneList(round)) round.found.push(found);
    round.items.push(item);
  }
}

/** The items of a round, and what belongs to them. It is one array if each item belongs to itself. */
interface Round<Item, Found> {
  readonly items: Item[];
  found: Found[];
}

function emptyRound<Item, Found>(): Round<Item, Found> {
  const items: Item[] = [];
  return { items, found: items as unknown[] as Found[] };
}

function isOneList({ items, found }: Round<unknown, unknown>): boolean {
  return items === found;
}

function firstOf<Item, Found>(round: Round<Item, Found>, count: number): Round<Item, Found> {
  const items = round.items.slice(0, count);
  return { items, found: isOneList(round) ? (items as unknown[] as Found[]) : round.found.slice(0, count) };
}

function isIdentical<Item>(one: Item, other: Item): boolean {
  return one === other;
}
