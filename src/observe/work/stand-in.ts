/**
 * An object that reads as the given one does, except for some properties. Getters run on the given object,
 * which may have private members or be frozen. Methods do not: what calls one passes the stand-in.
 */
export function standIn<Kind extends object>(given: Kind, changed: Readonly<Record<string, unknown>>): Kind {
  const own = Object.getOwnPropertyDescriptors(given);
  // What a frozen object promises would hold for the stand-in too.
  for (const key of Reflect.ownKeys(own)) Reflect.set(Reflect.get(own, key), "configurable", true);
  for (const [key, value] of Object.entries(changed))
    Reflect.set(own, key, { value, enumerable: true, writable: true, configurable: true });
  return new Proxy(Object.create(Object.getPrototypeOf(given), own), {
    get: (_, key) =>
      typeof key === "string" && Object.hasOwn(changed, key) ? changed[key] : Reflect.get(given, key),
  });
}
