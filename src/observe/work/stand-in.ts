/**
 * An object that reads as the given one does, except for some properties. Getters run on the given object,
 * which may have private members or be frozen. What is written stays in the stand-in. Methods run on what
 * they are called on.
 */
export function standIn<Kind extends object>(given: Kind, changed: Readonly<Record<string, unknown>>): Kind {
  const own = Object.getOwnPropertyDescriptors(given);
  // What a frozen object promises would hold for the stand-in too.
  for (const key of Reflect.ownKeys(own)) Reflect.set(Reflect.get(own, key), "configurable", true);
  const written = new Map<PropertyKey, unknown>();
  const standsIn = new Proxy(Object.create(Object.getPrototypeOf(given), own), {
    get: (_, key) => (written.has(key) ? written.get(key) : Reflect.get(given, key)),
    set: (shown, key, value) => {
      written.set(key, value);
      return Reflect.defineProperty(shown, key, {
        value,
        enumerable: true,
        writable: true,
        configurable: true,
      });
    },
    deleteProperty: (shown, key) => {
      written.set(key, undefined);
      return Reflect.deleteProperty(shown, key);
    },
  });
  return Object.assign(standsIn, changed);
}
