import { createNoopMeter, type Meter, type MeterProvider } from "@opentelemetry/api";
import { messageOf } from "../core/text-of.ts";
import type { SkipLog } from "../logging/skip-log.ts";
import { readableAttributes } from "./readable-attributes.ts";

type AnyFunction = (this: unknown, ...args: never[]) => unknown;
type Creator = keyof Meter & `create${string}`;

/** What records: a value, and attributes after it. */
const RECORDERS = ["add", "record"];
const SYNCHRONOUS: readonly Creator[] = [
  "createCounter",
  "createUpDownCounter",
  "createHistogram",
  "createGauge",
];
const OBSERVABLE: readonly Creator[] = [
  "createObservableCounter",
  "createObservableUpDownCounter",
  "createObservableGauge",
];

/**
 * A meter provider of ours as an application may use it: without us its calls do nothing, whatever they are given, so with
 * us none of them throws. Attributes that the SDK refuses (a BigInt, a cyclic object) are taken as text; what can't be taken
 * at all is counted.
 */
export class GuardedMeterProvider implements MeterProvider {
  readonly #provider: MeterProvider;
  readonly #skips: SkipLog;
  readonly #guarded = new WeakSet<object>();
  /** What an application gives for a callback, and what is called in its place: the one takes away the other. */
  readonly #callbacks = new WeakMap<AnyFunction, AnyFunction>();

  constructor(provider: MeterProvider, skips: SkipLog) {
    this.#provider = provider;
    this.#skips = skips;
  }

  getMeter(...which: Parameters<MeterProvider["getMeter"]>): Meter {
    const meter = this.#safely("a meter", () => this.#provider.getMeter(...which)) ?? createNoopMeter();
    if (this.#guarded.has(meter)) return meter;
    this.#guarded.add(meter);
    for (const create of SYNCHRONOUS) this.#guardCreator(meter, create, (made) => this.#guardRecorders(made));
    for (const create of OBSERVABLE) this.#guardCreator(meter, create, (made) => this.#guardCallbacks(made));
    this.#replaceCallbackTakers(meter, "addBatchObservableCallback", "removeBatchObservableCallback", (it) =>
      this.#guarding(it, 2),
    );
    return meter;
  }

  #guardCreator(meter: Meter, create: Creator, guard: (made: object) => void): void {
    const original = meter[create] as AnyFunction;
    replace(meter, create, (...args) => {
      const made = this.#safely("an instrument", () => Reflect.apply(original, meter, args) as object);
      if (made === undefined) return Reflect.apply(createNoopMeter()[create] as AnyFunction, undefined, args);
      if (!this.#guarded.has(made)) {
        this.#guarded.add(made);
        guard(made);
      }
      return made;
    });
  }

  #guardRecorders(recorder: object): void {
    for (const name of RECORDERS) {
      const original = (recorder as Record<string, AnyFunction>)[name];
      if (original === undefined) continue;
      replace(recorder, name, (...args) =>
        this.#record((...given) => Reflect.apply(original, recorder, given as never[]), args, 1),
      );
    }
  }

  #guardCallbacks(observable: object): void {
    this.#replaceCallbackTakers(observable, "addCallback", "removeCallback", (it) => this.#guarding(it, 1));
  }

  /** A callback whose observations are guarded; `attributesAt` is the place of the attributes among their arguments. */
  #guarding(callback: AnyFunction, attributesAt: number): AnyFunction {
    return async (result: { observe(...what: unknown[]): void }) => {
      const observe: AnyFunction = (...what) =>
        this.#record((...given) => result.observe(...given), what, attributesAt);
      await Reflect.apply(callback, undefined, [{ observe }] as never[]);
    };
  }

  #record(record: (...args: unknown[]) => unknown, args: readonly unknown[], attributesAt: number): void {
    try {
      record(...args);
    } catch {
      this.#safely("a measurement", () => {
        const readable = [...args];
        readable[attributesAt] = readableAttributes(args[attributesAt]);
        record(...readable);
      });
    }
  }

  #replaceCallbackTakers(
    taker: object,
    add: string,
    remove: string,
    guarded: (callback: AnyFunction) => AnyFunction,
  ): void {
    const methods = taker as Record<string, AnyFunction>;
    const [adds, removes] = [methods[add], methods[remove]];
    if (adds === undefined || removes === undefined) return;
    replace(taker, add, (given: unknown, ...more) => {
      if (typeof given !== "function") {
        this.#skips.skip("no_callback", `a callback was given as ${typeof given}`);
        return;
      }
      const known = this.#callbacks.get(given as AnyFunction) ?? guarded(given as AnyFunction);
      this.#callbacks.set(given as AnyFunction, known);
      this.#safely("a callback", () => Reflect.apply(adds, taker, [known, ...more] as never[]));
    });
    replace(taker, remove, (given: unknown, ...more) => {
      const known =
        typeof given === "function" ? (this.#callbacks.get(given as AnyFunction) ?? given) : given;
      this.#safely("a callback", () => Reflect.apply(removes, taker, [known, ...more] as never[]));
    });
  }

  #safely<Result>(what: string, make: () => Result): Result | undefined {
    try {
      return make();
    } catch (error) {
      this.#skips.skip("unreadable", `${what} of the application: ${messageOf(error)}`);
      return undefined;
    }
  }
}

function replace(object: object, name: string, value: (...args: never[]) => unknown): void {
  Object.defineProperty(object, name, { value, configurable: true, writable: true, enumerable: false });
}
