/** How long callbacks may take while the process ends. */
const HURRIED_MILLIS = 200;

interface Options {
  readonly timeoutMillis?: number;
}

interface Collection {
  readonly errors: unknown[];
  readonly resourceMetrics: { readonly scopeMetrics: unknown[] };
}

/** The part of a meter provider that its reader uses. */
interface Source<Result> {
  collect(options?: Options): Promise<Result>;
}

/**
 * Tells collections when the monitor shuts down. From then on they wait only shortly for callbacks
 * of the application, also those that are under way.
 */
export class Hurry {
  #hasBegun = false;
  readonly #waiting = new Set<() => void>();

  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  begin(): void {
    this.#hasBegun = true;
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  /** The result of `work`; `undefined` if the hurry begins before. */
  async orUndefined<Result>(work: Promise<Result>): Promise<Result | undefined> {
    let wake = (): void => {};
    const begun = new Promise<undefined>((resolve) => {
      wake = () => resolve(undefined);
    });
    this.#waiting.add(wake);
    try {
      return await Promise.race([work, begun]);
    } finally {
      this.#waiting.delete(wake);
    }
  }
}

/**
 * The same source, which waits only shortly for callbacks once the hurry has begun. A collection
 * that is under way then is replaced by a second one, which also takes what the first would have.
 */
export function hurried<Result extends Collection>(source: Source<Result>, hurry: Hurry): Source<Result> {
  const collectShortly = (options?: Options): Promise<Result> => {
    const timeoutMillis = Math.min(options?.timeoutMillis ?? HURRIED_MILLIS, HURRIED_MILLIS);
    return source.collect({ ...options, timeoutMillis });
  };
  return {
    collect: async (options) => {
      if (hurry.hasBegun) return collectShortly(options);
      let first: Result | undefined;
      const usual = source.collect(options).then((result) => {
        first = result;
        return result;
      });
      const inTime = await hurry.orUndefined(usual);
      if (inTime !== undefined) return inTime;
      const second = await collectShortly(options);
      return first === undefined ? second : together(first, second);
    },
  };
}

/** The first collection has ended while the second ran: each has taken a part of the deltas. */
function together<Result extends Collection>(first: Result, second: Result): Result {
  const scopeMetrics = [...first.resourceMetrics.scopeMetrics, ...second.resourceMetrics.scopeMetrics];
  return { ...second, resourceMetrics: { ...second.resourceMetrics, scopeMetrics } };
}
