import { createHmac } from "node:crypto";
import type { SecretSource } from "./entries.ts";

/** The places that secrets are read from. */
export interface SecretStore {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readFile(path: string): string;
}

/** A secret that can only sign. No text, JSON or inspection of this object contains it. */
export class Secret {
  readonly #value: string;

  private constructor(value: string) {
    this.#value = value;
  }

  /** The secret, or a message about what is wrong with its source. */
  static read(source: SecretSource, store: SecretStore): Secret | string {
    if ("env" in source) {
      const value = store.environment[source.env];
      return value === undefined || value === ""
        ? `must name a variable that is set, and ${source.env} is not set`
        : new Secret(value);
    }
    let value: string;
    try {
      value = store.readFile(source.file).replace(/\r?\n$/, "");
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return `must name a file that can be read, and ${source.file} cannot be read (${code ?? "no reason given"})`;
    }
    return value === ""
      ? `must name a file that contains a secret, and ${source.file} is empty`
      : new Secret(value);
  }

  /** HMAC-SHA256 of a text, in lower-case hexadecimal. */
  sign(text: string): string {
    return createHmac("sha256", this.#value).update(text).digest("hex");
  }
}
