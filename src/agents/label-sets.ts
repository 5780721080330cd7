import type { Labels } from "../core/series-key.ts";

/** The label sets with the same first value. */
interface SameFirst {
  alone: Labels | undefined;
  readonly bySecond: Map<string, Labels>;
}

/**
 * The label sets of one agent, by the first label and its value, and by the value of the second
 * label. No key is put together from texts, because that costs more than to record a task.
 */
export class LabelSets {
  /** The label of the agent alone. It is in all sets, and is no set of its own. */
  readonly ofAgent: Labels;
  readonly #byFirst = new Map<string, Map<string, SameFirst>>();
  readonly #all: Labels[] = [];

  constructor(agent: string) {
    // A view may select a label by a name that every object has, such as "constructor".
    this.ofAgent = Object.assign(Object.create(null), { agent });
  }

  get size(): number {
    return this.#all.length;
  }

  get(label: string, [first, second]: readonly string[]): Labels | undefined {
    const same = this.#byFirst.get(label)?.get(first as string);
    return second === undefined ? same?.alone : same?.bySecond.get(second);
  }

  add(label: string, [first, second]: readonly string[], labels: Labels): void {
    const byValue = this.#byFirst.get(label) ?? new Map<string, SameFirst>();
    this.#byFirst.set(label, byValue);
    const same = byValue.get(first as string) ?? { alone: undefined, bySecond: new Map() };
    byValue.set(first as string, same);
    if (second === undefined) same.alone = labels;
    else same.bySecond.set(second, labels);
    this.#all.push(labels);
  }

  [Symbol.iterator](): Iterator<Labels> {
    return this.#all.values();
  }
}
