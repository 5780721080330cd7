import {
  type Attributes,
  type AttributeValue,
  createNoopMeter,
  type Meter,
  type MeterProvider,
} from "@opentelemetry/api";
import { kindOfError } from "../core/error-type.ts";
import { Hurry } from "../core/hurry.ts";
import { HUNG_MILLIS, STILL_RUNNING } from "../core/sliced-collection.ts";
import { textOf } from "../core/text-of.ts";
import type { SkipLog } from "../logging/skip-log.ts";
import { defineMethod } from "./define-method.ts";
import { OpenCalls } from "./open-calls.ts";

type Recorder = (this: unknown, ...args: unknown[]) => unknown;
type AnyFunction = (this: unknown, ...args: never[]) => unknown;
type Creator = keyof Meter & `create${string}`;

/** Types of values that an attribute can have without conversion. */
const ATTRIBUTE_TYPES = new Set(["string", "number", "boolean"]);
/** Methods that record: the first argument is a value, the second its attributes. */
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
 * A meter provider of ours for the application. Without us its calls do nothing, whatever the
 * arguments. So with us none of them throws. Attributes that the SDK refuses (a BigInt, a cyclic
 * object) become text. What cannot be recorded at all is counted as skipped.
 */
export class GuardedMeterProvider implements MeterProvider {
  readonly #provider: MeterProvider;
  readonly #skips: SkipLog;
  readonly #hurry: Hurry;
  readonly #guarded = new WeakSet<object>();
  /**
   * Guarded callbacks by the application's own, so that the application can remove its callback.
   */
  readonly #callbacks = new WeakMap<AnyFunction, AnyFunction>();

  /** @param hurry begins when the monitor shuts down: then no callback is called that still runs. */
  constructor(provider: MeterProvider, skips: SkipLog, hurry = new Hurry()) {
    this.#provider = provider;
    this.#skips = skips;
    this.#hurry = hurry;
  }

  getMeter(...which: Parameters<MeterProvider["getMeter"]>): Meter {
    const meter = this.#safely("a meter", () => this.#provider.getMeter(...which));
    // The meter without effect belongs to the API, which has one for all: it must not be changed.
    if (meter === undefined) return createNoopMeter();
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
    defineMethod(meter, create, (...args) => {
      const made = this.#safely("an instrument", () => {
        // The SDK accepts such a name, and no collection would succeed after that.
        if (typeof args[0] !== "string") throw new TypeError(`its name is a ${typeof args[0]}`);
        return Reflect.apply(original, meter, args) as object;
      });
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
      const original = (recorder as Record<string, Recorder>)[name];
      if (original === undefined) continue;
      // The arguments by name: to spread them costs a fifth of what the SDK takes for a value.
      defineMethod(recorder, name, (value: unknown, attributes: unknown, context: unknown) => {
        try {
          original.call(recorder, value, attributes, context);
        } catch {
          this.#recordReadable(
            (...given) => original.apply(recorder, given),
            [value, attributes, context],
            1,
          );
        }
      });
    }
  }

  #guardCallbacks(observable: object): void {
    this.#replaceCallbackTakers(observable, "addCallback", "removeCallback", (it) => this.#guarding(it, 1));
  }

  /**
   * A callback with guarded observations. One that hangs is not called again until it has ended:
   * otherwise each collection and each scrape would wait for it. `attributesAt`: the index of the
   * attributes argument.
   */
  #guarding(callback: AnyFunction, attributesAt: number): AnyFunction {
    const calls = new OpenCalls();
    return async (result: { observe(...what: unknown[]): void }) => {
      if (calls.longestMillis() >= (this.#hurry.hasBegun ? 0 : HUNG_MILLIS)) throw new Error(STILL_RUNNING);
      // The arguments by name, as above.
      const observe = (first: unknown, second: unknown, third: unknown): void => {
        try {
          result.observe(first, second, third);
        } catch {
          this.#recordReadable((...given) => result.observe(...given), [first, second, third], attributesAt);
        }
      };
      await calls.follow(() => Reflect.apply(callback, undefined, [{ observe }] as never[]));
    };
  }

  #recordReadable(record: Recorder, args: readonly unknown[], attributesAt: number): void {
    this.#safely("a measurement", () => {
      const readable = [...args];
      readable[attributesAt] = readableAttributes(args[attributesAt]);
      record(...readable);
    });
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
    defineMethod(taker, add, (given: unknown, ...more) => {
      if (typeof given !== "function") {
        this.#skips.skip("no_callback", `expected a function as callback, got ${typeof given}`);
        return;
      }
      const known = this.#callbacks.get(given as AnyFunction) ?? guarded(given as AnyFunction);
      this.#callbacks.set(given as AnyFunction, known);
      this.#safely("a callback", () => Reflect.apply(adds, taker, [known, ...more] as never[]));
    });
    defineMethod(taker, remove, (given: unknown, ...more) => {
      const known =
        typeof given === "function" ? (this.#callbacks.get(given as AnyFunction) ?? given) : given;
      this.#safely("a callback", () => Reflect.apply(removes, taker, [known, ...more] as never[]));
    });
  }

  #safely<Result>(what: string, make: () => Result): Result | undefined {
    try {
      return make();
    } catch (error) {
      this.#skips.skipThrown("unreadable", `${what} of the application: ${kindOfError(error)}`, error);
      return undefined;
    }
  }
}

/** Attributes that an SDK accepts. Other values become text, and unreadable ones `[unreadable]`. */
function readableAttributes(given: unknown): Attributes {
  const attributes: Attributes = {};
  if (typeof given !== "object" || given === null) return attributes;
  for (const key of Object.keys(given))
    attributes[key] = readableValue(given as Record<string, unknown>, key);
  return attributes;
}

function readableValue(given: Record<string, unknown>, key: string): AttributeValue {
  try {
    const value = given[key];
    if (ATTRIBUTE_TYPES.has(typeof value)) return value as string;
    if (typeof value !== "object" || value === null) return textOf(value);
    return JSON.stringify(value) ?? "";
  } catch {
    return "[unreadable]";
  }
}
