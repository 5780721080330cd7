// Programs that are right, or wrong in a way of their own, by themselves. Each runs bare and watched, and must write, throw
// and end the same: node results.mjs bare|watched CASE
import { isAsyncFunction, watchResult } from "../../../../src/observe/work/watched-result.ts";

const [, , mode, which] = process.argv;
const ignored = { succeeded: () => {}, failed: () => {}, unknown: () => {} };

/** Every method of an object watched, as `instrument()` does it. */
function wrap(object) {
  if (mode === "bare") return object;
  const prototype = Object.getPrototypeOf(object);
  for (const name of Object.getOwnPropertyNames(prototype)) {
    const method = prototype[name];
    if (name === "constructor") continue;
    object[name] = function (...args) {
      return watchResult(() => method.apply(this, args), isAsyncFunction(method), ignored);
    };
  }
  return object;
}

const say = (...what) => console.log(...what);
const goesOn = () => setTimeout(() => say("goes on"), 20);
const fails = async () => {
  throw new Error("queue is down");
};

class Child extends Promise {
  kill() {
    say("killed");
  }
}

const cases = {
  "handled within"() {
    class Worker {
      poll() {
        const polled = fails();
        polled.catch(({ message }) => say("handled", message));
        return polled;
      }
    }
    wrap(new Worker()).poll();
    goesOn();
  },
  "handled within, much later"() {
    class Worker {
      poll() {
        const polled = new Promise((_, reject) => setTimeout(reject, 30, new Error("late")));
        polled.catch(({ message }) => say("handled", message));
        return polled;
      }
    }
    wrap(new Worker()).poll();
    setTimeout(() => say("goes on"), 100);
  },
  "handled by nobody, async"() {
    class Worker {
      async poll() {
        await null;
        throw new Error("nobody cares");
      }
    }
    wrap(new Worker()).poll();
    goesOn();
  },
  "handled by nobody, shared"() {
    class Worker {
      poll() {
        return fails();
      }
    }
    wrap(new Worker()).poll();
    goesOn();
  },
  "handled by nobody, frozen"() {
    class Worker {
      poll() {
        return Object.freeze(fails());
      }
    }
    wrap(new Worker()).poll();
    goesOn();
  },
  "handled by nobody, but said so"() {
    process.on("unhandledRejection", (error) => say("unhandled", error.message));
    process.on("rejectionHandled", () => say("handled after all"));
    class Worker {
      async poll() {
        throw new Error("first");
      }
      again() {
        return fails();
      }
    }
    const worker = wrap(new Worker());
    worker.poll();
    worker.again();
    const late = worker.poll();
    setTimeout(() => late.catch(({ message }) => say("late", message)), 10);
    goesOn();
  },
  async "handled by who waits, in every way"() {
    class Worker {
      async poll(text) {
        await null;
        throw new Error(text);
      }
      shared(text) {
        return Promise.reject(new Error(text));
      }
    }
    const worker = wrap(new Worker());
    for (const name of ["poll", "shared"]) {
      try {
        await worker[name]("awaited");
      } catch (error) {
        say(error.message);
      }
      await worker[name]("then").then(undefined, ({ message }) => say(message));
      await worker[name]("catch").catch(({ message }) => say(message));
      await worker[name]("finally")
        .finally(() => say("finally"))
        .catch(({ message }) => say(message));
      await Promise.allSettled([worker[name]("all")]).then(([{ reason }]) => say(reason.message));
      await Promise.race([worker[name]("race")]).catch(({ message }) => say(message));
      await (async () => worker[name]("returned"))().catch(({ message }) => say(message));
      await Promise.resolve(worker[name]("resolved")).catch(({ message }) => say(message));
      const later = worker[name]("stored");
      queueMicrotask(() => later.catch(({ message }) => say(message)));
      await new Promise(setImmediate);
    }
  },
  async "more than a promise"() {
    class Runner {
      run() {
        const child = new Child((resolve) => setTimeout(resolve, 5, 1));
        child.pid = 42;
        return child;
      }
    }
    const child = wrap(new Runner()).run();
    child.kill();
    say(child.pid, child instanceof Child, child.constructor === Child, await child);
  },
  async "a promise that is frozen"() {
    const shared = Promise.resolve(2);
    class Worker {
      async poll() {
        return 1;
      }
      shared() {
        return shared;
      }
    }
    const worker = wrap(new Worker());
    say(await Object.freeze(worker.poll()));
    const [awaited, left] = [Object.freeze(worker.shared()), Object.freeze(worker.shared())];
    say(await awaited, left === awaited);
    worker.shared();
    goesOn();
  },
  async "a lazy query"() {
    let ran = 0;
    class Repository {
      users() {
        const query = {
          where: () => query,
          // biome-ignore lint/suspicious/noThenProperty: as query builders have it
          then(onFulfilled) {
            ran += 1;
            onFulfilled(["row"]);
            return Promise.resolve();
          },
        };
        return query;
      }
    }
    say(await wrap(new Repository()).users().where(), ran);
  },
  async "a query that is copied"() {
    class Repository {
      users() {
        // biome-ignore lint/suspicious/noThenProperty: as query builders have it
        return { table: "users", then: (onFulfilled) => onFulfilled(["row"]) };
      }
    }
    const copy = { ...wrap(new Repository()).users(), limit: 1 };
    say(Object.keys(copy), await copy);
  },
  async "a thenable that gives nothing back and takes no second handler"() {
    class Old {
      load() {
        return {
          // biome-ignore lint/suspicious/noThenProperty: as old libraries have it
          then(onFulfilled, onRejected) {
            setTimeout(() => onRejected?.(new Error("ignored")), 1);
            setTimeout(onFulfilled, 5, 42);
          },
        };
      }
    }
    wrap(new Old())
      .load()
      .then((value) => say("then", value));
    await new Promise((resolve) => setTimeout(resolve, 20));
  },
  async "a promise that does its work when somebody waits"() {
    class Lazy extends Promise {
      static get [Symbol.species]() {
        return Promise;
      }
      // biome-ignore lint/suspicious/noThenProperty: as clients of HTTP have it
      then(onFulfilled, onRejected) {
        this.parsed ??= Promise.resolve().then(() => {
          say("parsed");
          if (this.fails) throw new Error("not JSON");
          return { id: 1 };
        });
        return this.parsed.then(onFulfilled, onRejected);
      }
      asResponse() {
        return Promise.resolve("raw");
      }
    }
    class Client {
      get(isBroken) {
        const lazy = new Lazy((resolve) => resolve(null));
        lazy.fails = isBroken;
        return lazy;
      }
    }
    const client = wrap(new Client());
    say(await client.get().asResponse());
    say(await client.get());
    await client.get(true).catch(({ message }) => say(message));
    client.get(true).then(say);
    goesOn();
  },
  async "the same promise"() {
    const shared = Promise.resolve(1);
    const frozen = Object.freeze(Promise.reject(new Error("frozen")));
    frozen.catch(() => {});
    class Cache {
      get() {
        return shared;
      }
      frozen() {
        return frozen;
      }
    }
    const cache = wrap(new Cache());
    say(cache.get() === shared, cache.get(), await cache.get(), cache.frozen() === frozen);
    say(Object.getPrototypeOf(shared) === Promise.prototype);
  },
  async "what stands for something else"() {
    const asked = [];
    const stub = new Proxy(() => {}, {
      get: (_, name) => {
        asked.push(name);
        return undefined;
      },
    });
    class Remote {
      stub() {
        return stub;
      }
    }
    say(wrap(new Remote()).stub() === stub, asked);
  },
};

await cases[which]();
