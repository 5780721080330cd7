/** Lets several parts of a program work on the same things, one after the other: a mutual exclusion. */
export class Mutex {
  #last: Promise<void> = Promise.resolve();

  /** Waits for its turn. The result ends it. */
  async take(): Promise<() => void> {
    const before = this.#last;
    let end = (): void => {};
    this.#last = new Promise((resolve) => {
      end = resolve;
    });
    await before;
    return end;
  }

  /** Works when it is its turn. */
  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    const end = await this.take();
    try {
      return await work();
    } finally {
      end();
    }
  }
}
