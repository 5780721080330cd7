import type { Attributes } from "@opentelemetry/api";

const unchanging = new WeakSet<Attributes>();

/** Marks attributes that nobody changes: to hash them once is enough, however often they are recorded. */
export function unchangingAttributes(attributes: Attributes): Attributes {
  unchanging.add(attributes);
  return attributes;
}

/** Hashes attributes. Those that were hashed last and do not change keep their hash. */
export class AttributesHash {
  readonly #hash: (attributes: Attributes) => string;
  #last: Attributes | undefined;
  #lastHash = "";

  constructor(hash: (attributes: Attributes) => string) {
    this.#hash = hash;
  }

  of(attributes: Attributes): string {
    if (attributes === this.#last) return this.#lastHash;
    const hash = this.#hash(attributes);
    if (unchanging.has(attributes)) {
      this.#last = attributes;
      this.#lastHash = hash;
    }
    return hash;
  }
}
