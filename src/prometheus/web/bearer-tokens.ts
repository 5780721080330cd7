import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** Tokens that let clients in, as `Authorization: Bearer TOKEN`. They are remembered as keyed hashes. */
export class BearerTokens {
  readonly #key = randomBytes(32);
  #hashes: readonly Buffer[] = [];

  constructor(tokens: readonly string[]) {
    this.replace(tokens);
  }

  /** From now on, these tokens let clients in, and no others. */
  replace(tokens: readonly string[]): void {
    this.#hashes = tokens.map((token) => this.#hashOf(token));
  }

  get isEmpty(): boolean {
    return this.#hashes.length === 0;
  }

  /** Whether an `Authorization` header has one of the tokens. The time that it takes shows nothing. */
  isIn(authorization: string | undefined): boolean {
    const [, token] = /^bearer +(\S+) *$/i.exec(authorization ?? "") ?? [];
    if (token === undefined) return false;
    const hash = this.#hashOf(token);
    let isFound = false;
    for (const known of this.#hashes) isFound = timingSafeEqual(known, hash) || isFound;
    return isFound;
  }

  #hashOf(token: string): Buffer {
    return createHmac("sha256", this.#key).update(token).digest();
  }
}
