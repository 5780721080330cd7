/** Defines a method of an object, or replaces it, as a class would: it is not enumerable. */
export function defineMethod(object: object, name: string, value: (...args: never[]) => unknown): void {
  Object.defineProperty(object, name, { value, configurable: true, writable: true, enumerable: false });
}
