import { runInNewContext } from "node:vm";
import fc from "fast-check";

const fail = (): never => {
  throw new Error("hostile");
};

function cyclic(): object {
  const value: Record<string, unknown> = {};
  value.self = value;
  return value;
}

function revoked(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

function thenable(then: PropertyDescriptor): object {
  // biome-ignore lint/suspicious/noThenProperty: a thenable is what it is to be.
  return Object.defineProperty({}, "then", { ...then, configurable: true });
}

/** Another value each time that a field is read: what was checked is not what is used. */
function changing(): object {
  const values = ["a", 1, Symbol("hostile"), null, 10n, {}, "t"];
  let reads = 0;
  const next = (): unknown => values[reads++ % values.length];
  return Object.defineProperties(
    {},
    Object.fromEntries(FIELDS.map((name) => [name, { get: next, enumerable: true }])),
  );
}

/** An object whose methods fail unless they are called on itself. */
class WithPrivateField {
  readonly #name = "private";
  get agentName(): string {
    return this.#name;
  }
  toString(): string {
    return this.#name;
  }
}

class OtherSpecies extends Array<unknown> {
  static override get [Symbol.species](): ArrayConstructor {
    return fail();
  }
}

function detached(): ArrayBuffer {
  const buffer = new ArrayBuffer(8);
  structuredClone(buffer, { transfer: [buffer] });
  return buffer;
}

function deep(levels: number): object {
  let value = {};
  for (let level = 0; level < levels; level += 1) value = { agentName: value, name: value, cause: value };
  return value;
}

const everyTrap = Object.fromEntries(
  Object.getOwnPropertyNames(Reflect).map((trap) => [trap, fail]),
) as ProxyHandler<object>;

/** Makes values that code does not expect, each a new one, by what they are. */
export const HOSTILE: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  NaN: () => Number.NaN,
  Infinity: () => Number.POSITIVE_INFINITY,
  "-Infinity": () => Number.NEGATIVE_INFINITY,
  "-0": () => -0,
  "-1": () => -1,
  "1e308": () => 1e308,
  true: () => true,
  BigInt: () => 10n,
  symbol: () => Symbol("hostile"),
  "well-known symbol": () => Symbol.iterator,
  "empty text": () => "",
  blank: () => " \t\n\u00a0",
  "huge text": () => "x".repeat(200_000),
  "lone surrogate": () => "\ud800",
  "control characters": () => '\u0000\u001b[2J\n"\\',
  __proto__: () => "__proto__",
  constructor: () => "constructor",
  "marks of direction": () => "\u202e\u2066\u200f<b>\u0085\u2028",
  markup: () => '</script><img src=x onerror="fail()">',
  pattern: () => "!*?*?*a*b",
  "empty object": () => ({}),
  "empty array": () => [],
  "large array": () => new Array(100_000).fill("x"),
  "sparse array": () => {
    const sparse: unknown[] = [];
    sparse.length = 2 ** 32 - 1;
    return sparse;
  },
  "array of hostile values": () => [
    Symbol("hostile"),
    null,
    10n,
    Object.create(null),
    new Proxy({}, everyTrap),
  ],
  "array of another species": () => OtherSpecies.from(["a", "t"]),
  "array with a throwing length": () => new Proxy([], { get: fail }),
  "array-like without end": () => ({ length: Number.POSITIVE_INFINITY, 0: "a" }),
  "iterator of another kind": () => ({ [Symbol.iterator]: () => ({ next: () => 5 }) }),
  "async iterator": () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) }),
  "async generator": () =>
    (async function* generate() {
      yield fail();
    })(),
  "null prototype": () => Object.create(null),
  "own __proto__": () => JSON.parse('{"__proto__": {"agentName": 5}}'),
  cyclic,
  deep: () => deep(20_000),
  changing,
  "private fields": () => new WithPrivateField(),
  "private fields behind a proxy": () => new Proxy(new WithPrivateField(), {}),
  "throwing tag": () => ({
    get [Symbol.toStringTag]() {
      return fail();
    },
  }),
  "throwing constructor": () => Object.defineProperty({}, "constructor", { get: fail }),
  "null constructor": () => ({ constructor: null }),
  "field that cannot be set": () => Object.freeze(Object.assign(() => {}, { agentName: "frozen" })),
  frozen: () => Object.freeze({ agentName: "frozen", toString: fail }),
  "throwing toString": () => ({ toString: fail }),
  "throwing valueOf": () => ({ valueOf: fail }),
  "throwing toJSON": () => ({ toJSON: fail }),
  "throwing toPrimitive": () => ({ [Symbol.toPrimitive]: fail }),
  "throwing iterator": () => ({ [Symbol.iterator]: fail }),
  "text without primitive": () => ({ toString: () => ({}), valueOf: () => ({}) }),
  "throwing getters": () =>
    Object.defineProperties(
      {},
      Object.fromEntries(FIELDS.map((name) => [name, { get: fail, enumerable: true }])),
    ),
  "throwing proxy": () => new Proxy({}, everyTrap),
  "throwing function proxy": () => new Proxy(() => {}, everyTrap),
  "proxy of everything": () => {
    const proxy: object = new Proxy(() => {}, { get: () => proxy, apply: () => proxy });
    return proxy;
  },
  "revoked proxy": () => revoked({}),
  "revoked function proxy": () => revoked(() => {}),
  "revoked array": () => revoked([]),
  thenable: () => thenable({ value: (done: (value: number) => void) => done(1) }),
  "throwing thenable": () => thenable({ value: fail }),
  "thenable with a throwing then": () => thenable({ get: fail }),
  "endless thenable": () => thenable({ value: () => {} }),
  function: () => () => {},
  "throwing function": () => fail,
  "function with a throwing toString": () => Object.assign(() => {}, { toString: fail }),
  "frozen function": () => Object.freeze(() => {}),
  class: () => class {},
  "frozen class": () => {
    const frozen = class {};
    Object.freeze(frozen.prototype);
    return Object.freeze(frozen);
  },
  generator: () => function* generator() {},
  "invalid date": () => new Date(Number.NaN),
  "date with a throwing time": () => Object.assign(new Date(0), { getTime: fail, valueOf: fail }),
  "date without a time": () => Object.create(Date.prototype),
  "array of another realm": () => runInNewContext("['a', 't']"),
  "object of another realm": () => runInNewContext("({ agentName: 'a', value: new Number(1) })"),
  "function of another realm": () => runInNewContext("() => { throw new TypeError('hostile') }"),
  "promise of another realm": () => runInNewContext("Promise.resolve(1)"),
  "date of another realm": () => runInNewContext("new Date(0)"),
  map: () => new Map([["agentName", 5]]),
  error: () => new Error("hostile"),
  "error with throwing fields": () =>
    Object.defineProperties(new Error("hostile"), { message: { get: fail }, name: { get: fail } }),
  "error of another realm": () => runInNewContext("new RangeError('hostile')"),
  "error with endless causes": () => {
    const error = new Error("hostile");
    return Object.defineProperty(error, "cause", { get: () => new Error("hostile", { cause: error }) });
  },
  "regular expression": () => /(a+)+$/,
  "typed array": () => new Float64Array(3),
  "shared memory": () => new SharedArrayBuffer(8),
  "detached memory": detached,
  "weak map": () => new WeakMap(),
  "boxed text": () => new String("boxed"),
  "boxed number": () => new Number(1),
  "boxed truth": () => new Boolean(false),
  "boxed symbol": () => Object(Symbol("hostile")),
};

/** Names of fields that the package reads of what it is handed. */
const FIELDS = [
  ...["agentName", "metricName", "horizonSeconds", "durationMillis", "name", "state"],
  ...["taskId", "taskType", "success", "executionTime", "errorType"],
  ...["failureId", "failureType", "recoveryAction", "recoveryTime"],
  ...["value", "timestamp", "window", "alpha"],
  ...["cpuUsage", "memoryUsage", "errorRate", "resourceConsumption", "activeTasks", "completedTasks"],
  ...["methods", "except", "kind", "port", "views", "alerts", "actions", "exporters"],
  ...["attributes", "instrumentationScope", "status", "events", "links", "startTime", "endTime", "duration"],
] as const;

const SOUND = ["a", "t", "*", 1, 0.5, 60, true, false];

/** Any hostile value, made anew for each call. */
const hostileValue = fc.constantFrom(...Object.keys(HOSTILE)).map((name) => ({ name }));
const soundValue = fc.constantFrom(...SOUND).map((sound) => ({ sound }));
const value = fc.oneof({ arbitrary: hostileValue, weight: 3 }, { arbitrary: soundValue, weight: 2 });
type Recipe = { readonly name: string } | { readonly sound: unknown } | { readonly fields: Fields };
type Fields = Readonly<Record<string, { readonly name: string } | { readonly sound: unknown }>>;

const record = fc.dictionary(fc.constantFrom(...FIELDS), value, { maxKeys: 8 }).map((fields) => ({ fields }));

/** What to hand to a call: hostile and sound values, and records of them. */
export const hostileArguments: fc.Arbitrary<Recipe[]> = fc.array(
  fc.oneof({ arbitrary: hostileValue, weight: 2 }, { arbitrary: record, weight: 3 }, soundValue),
  { maxLength: 4 },
);

/** The values of recipes, made anew: some can be used once only. */
export function made(recipes: readonly Recipe[]): unknown[] {
  return recipes.map((recipe) => {
    if (!("fields" in recipe)) return single(recipe);
    return Object.fromEntries(Object.entries(recipe.fields).map(([name, it]) => [name, single(it)]));
  });
}

function single(recipe: { readonly name: string } | { readonly sound: unknown }): unknown {
  return "name" in recipe ? HOSTILE[recipe.name]?.() : recipe.sound;
}
