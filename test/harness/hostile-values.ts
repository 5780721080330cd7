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
  pattern: () => "!*?*?*a*b",
  "empty object": () => ({}),
  "empty array": () => [],
  "large array": () => new Array(100_000).fill("x"),
  "null prototype": () => Object.create(null),
  "own __proto__": () => JSON.parse('{"__proto__": {"agentName": 5}}'),
  cyclic,
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
  map: () => new Map([["agentName", 5]]),
  error: () => new Error("hostile"),
  "error with throwing fields": () =>
    Object.defineProperties(new Error("hostile"), { message: { get: fail }, name: { get: fail } }),
  "regular expression": () => /(a+)+$/,
  "typed array": () => new Float64Array(3),
  "weak map": () => new WeakMap(),
  "boxed text": () => new String("boxed"),
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
