import { messageOf } from "../../core/text-of.ts";
import { log } from "../../logging/component-logger.ts";
import { ApiError } from "../../promql/api-error.ts";

/**
 * What fails at a source, logged once when it begins and once when it ends. Errors that a query has
 * caused belong to the query; all others belong to the whole source, which has one outage for all of
 * its queries.
 */
export class Outages {
  readonly #address: string;
  /** The messages by query, and by "" for the whole source. */
  readonly #messages = new Map<string, string>();

  constructor(address: string) {
    this.#address = address;
  }

  /** What fails now, as text; `undefined` if all is well. */
  get text(): string | undefined {
    const [first] = this.#messages;
    return first === undefined ? undefined : lineOf(...first);
  }

  failed(name: string, error: unknown): void {
    const isOfSource = error instanceof ApiError && error.mayRetry;
    const owner = isOfSource ? "" : name;
    const isNew = !this.#messages.has(owner);
    this.#messages.set(owner, messageOf(error));
    if (isNew) log.warn(lineOf(owner, messageOf(error)));
  }

  worked(name: string): void {
    for (const owner of ["", name])
      if (this.#messages.delete(owner)) log.info(lineOf(owner, `${this.#address} answers again`));
  }
}

function lineOf(owner: string, message: string): string {
  return owner === "" ? `source ${message}` : `query ${owner} of source ${message}`;
}
