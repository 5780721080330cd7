type AnyFunction = (this: never, ...args: never[]) => unknown;

/**
 * Gives a function that takes the place of another one the name and the number of parameters of that one.
 * Libraries read both, such as those that curry a function or make a mock of it.
 */
export function resembling<Ours extends AnyFunction>(ours: Ours, original: unknown): Ours {
  if (typeof original !== "function") return ours;
  // Not in a loop over both: a property that is read by a fixed name costs less.
  const { name, length } = original;
  if (ours.name !== name) show(ours, "name", name);
  if (ours.length !== length) show(ours, "length", length);
  return ours;
}

function show(ours: AnyFunction, key: "name" | "length", value: unknown): void {
  Object.defineProperty(ours, key, { value, configurable: true });
}
