type AnyFunction = (this: never, ...args: never[]) => unknown;

/**
 * Gives a function that takes the place of another one the name and the number of parameters of that one.
 * Libraries read both, such as those that curry a function or make a mock of it. It can be constructed only if the
 * other one can be, as no method can.
 */
export function resembling<Ours extends AnyFunction>(ours: Ours, original: unknown): Ours {
  if (typeof original !== "function") return ours;
  // Not in a loop over both: a property that is read by a fixed name costs less.
  const { name, length } = original;
  const canBeConstructed = Object.hasOwn(ours, "prototype");
  const alike = canBeConstructed && !Object.hasOwn(original, "prototype") ? methodOf(ours, name) : ours;
  if (alike.name !== name) show(alike, "name", name);
  if (alike.length !== length) show(alike, "length", length);
  return alike;
}

function methodOf<Ours extends AnyFunction>(ours: Ours, name: string): Ours {
  const holder = {
    [name](this: unknown, ...args: unknown[]): unknown {
      return Reflect.apply(ours, this, args);
    },
  };
  return holder[name] as Ours;
}

function show(ours: AnyFunction, key: "name" | "length", value: unknown): void {
  Object.defineProperty(ours, key, { value, configurable: true });
}
