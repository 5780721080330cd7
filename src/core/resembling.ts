type AnyFunction = (this: never, ...args: never[]) => unknown;

/**
 * Gives a function that takes the place of another one the name and the number of parameters of that one.
 * Libraries read both, such as those that curry a function or make a mock of it.
 */
export function resembling<Ours extends AnyFunction>(ours: Ours, original: unknown): Ours {
  if (typeof original !== "function") return ours;
  for (const key of ["name", "length"] as const)
    if (ours[key] !== original[key])
      Object.defineProperty(ours, key, { value: original[key], configurable: true });
  return ours;
}
