import type { Change, Json } from "./view/change.ts";

/** Between two collections, a list of values over time loses at most this many at its front. */
const MOST_LEAVING = 8;

type Objects = Readonly<Record<string, Json>>;

/** What has changed from one value to the next; `undefined`: nothing. */
export function changeBetween(one: Json, next: Json): Change | undefined {
  if (one === next) return undefined;
  if (Array.isArray(one) && Array.isArray(next)) return ofLists(one, next);
  if (isObject(one) && isObject(next)) return ofObjects(one, next);
  return [next];
}

function ofObjects(one: Objects, next: Objects): Change | undefined {
  const gone = Object.keys(one).filter((key) => !Object.hasOwn(next, key));
  const changes = gone.map((key): [string, Change] => [key, []]);
  for (const [key, value] of Object.entries(next)) {
    const change: Change | undefined = Object.hasOwn(one, key)
      ? changeBetween(one[key] as Json, value)
      : [value];
    if (change !== undefined) changes.push([key, change]);
  }
  return changes.length === 0 ? undefined : Object.fromEntries(changes);
}

/** Lists of numbers move on; lists of objects keep their places. */
function ofLists(one: readonly Json[], next: readonly Json[]): Change | undefined {
  const most = Math.min(MOST_LEAVING, Math.max(0, one.length - 1));
  for (let leave = 0; leave <= most; leave += 1) {
    const stays = one.slice(leave);
    if (stays.length > next.length || !stays.every((value, place) => isSame(value, next[place] as Json)))
      continue;
    const come = next.slice(stays.length);
    return leave === 0 && come.length === 0 ? undefined : [leave, come, []];
  }
  if (one.length > next.length) return [next];
  const places = one.flatMap((value, place): [number, Change][] => {
    const change = changeBetween(value, next[place] as Json);
    return change === undefined ? [] : [[place, change]];
  });
  return [0, next.slice(one.length), places];
}

function isSame(one: Json, other: Json): boolean {
  return one === other || changeBetween(one, other) === undefined;
}

function isObject(value: Json): value is Objects {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
