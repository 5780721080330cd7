import { resembling } from "../../core/resembling.ts";

type AnyFunction = (this: never, ...args: never[]) => unknown;

/**
 * Replaces a method of an object of the application, which has or inherits it.
 *
 * @returns a function that puts the old method back, unless somebody has replaced ours since.
 */
export function replaceMethod<Key extends PropertyKey, Replaced extends AnyFunction>(
  target: Partial<Record<Key, Replaced>>,
  key: Key,
  around: (before: Replaced | undefined) => Replaced,
): () => void {
  const before = target[key];
  const isInherited = !Object.hasOwn(target, key);
  const ours = resembling(around(before), before);
  if (isInherited && isMethodOfClass(target, key)) hide(target, key, ours);
  else target[key] = ours as (typeof target)[Key];
  return () => {
    if (target[key] !== ours) return;
    // A setter of the prototype keeps the value elsewhere: then the object has no property of its
    // own.
    if (isInherited && Object.hasOwn(target, key)) delete target[key];
    else target[key] = before as (typeof target)[Key];
  };
}

/** Whether a property that an object inherits is a method, and no accessor. */
function isMethodOfClass(object: object, key: PropertyKey): boolean {
  for (let at = Object.getPrototypeOf(object); at !== null; at = Object.getPrototypeOf(at)) {
    const found = Object.getOwnPropertyDescriptor(at, key);
    if (found !== undefined) return typeof found.value === "function";
  }
  return false;
}

/**
 * Hides a method of an object behind one of the object itself, which shows no more than before.
 *
 * @param replace gets a function that calls the method with its own arguments, and the arguments.
 */
export function around(
  owner: object,
  key: PropertyKey,
  replace: (call: () => unknown, args: readonly unknown[]) => unknown,
): void {
  const method: unknown = Reflect.get(owner, key);
  if (typeof method !== "function") return;
  // What has no prototype can't be constructed. A function that begins with its name costs less than one that gets it.
  const { name } = method;
  const watched = Object.hasOwn(method, "prototype")
    ? function (this: unknown, ...args: unknown[]): unknown {
        return replace(() => Reflect.apply(method, this, args), args);
      }
    : {
        [name](this: unknown, ...args: unknown[]): unknown {
          return replace(() => Reflect.apply(method, this, args), args);
        },
      }[name];
  hide(owner, key, resembling(watched as AnyFunction, method));
}

/** Defines a method that is enumerable only if it was one of the object itself that is. */
export function hide(owner: object, key: PropertyKey, value: AnyFunction): void {
  const enumerable = Object.getOwnPropertyDescriptor(owner, key)?.enumerable ?? false;
  Object.defineProperty(owner, key, { value, configurable: true, writable: true, enumerable });
}
