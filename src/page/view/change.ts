/** Plain data, as it is in JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What makes one value of another. It is sent at each collection, so it has no words. */
export type Change =
  /** The value is gone: that of a key of an object. */
  | readonly []
  /** The value is this one. */
  | readonly [value: Json]
  /** A list loses its first `leave` elements. Of the others, some change. New ones come at the end. */
  | readonly [leave: number, come: readonly Json[], places: readonly (readonly [number, Change])[]]
  /** In an object these keys change. */
  | { readonly [key: string]: Change };

/** The value after a change. Names of keys may be anything, `__proto__` too. */
export function changed(value: Json, change: Change): Json {
  if (!isList(change)) return changedObject(value as { readonly [key: string]: Json }, change);
  const [first = null, come, places = []] = change;
  if (come === undefined) return first;
  const stays = (value as readonly Json[]).slice(first as number);
  for (const [place, within] of places) stays[place] = changed(stays[place] ?? null, within);
  return [...stays, ...come];
}

function changedObject(
  value: { readonly [key: string]: Json },
  changes: { readonly [key: string]: Change },
): Json {
  const entries = new Map(Object.entries(value));
  for (const [key, change] of Object.entries(changes))
    if (isList(change) && change.length === 0) entries.delete(key);
    else entries.set(key, changed(entries.get(key) ?? null, change));
  return Object.fromEntries(entries);
}

function isList(change: Change): change is Extract<Change, readonly unknown[]> {
  return Array.isArray(change);
}
