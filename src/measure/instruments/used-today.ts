import * as v from "valibot";

const amount = v.pipe(v.number(), v.finite(), v.minValue(0));

const usedTodaySchema = v.object({
  agent: v.pipe(
    v.string(),
    v.check((name) => name.trim() !== ""),
  ),
  /** Epoch milliseconds; what was used was used on this day, in UTC. */
  lastUsedAt: v.pipe(v.number(), v.finite()),
  tokens: amount,
  /** In the currency of the price table; absent where nothing had a price. */
  cost: v.exactOptional(amount),
});

/** What an agent used on the day on which it last used something, as plain data that JSON can carry. */
export type UsedToday = Readonly<v.InferOutput<typeof usedTodaySchema>>;

/**
 * What `saved` tells of each agent, of several entries for one the first; and how many entries cannot be used, as in a
 * damaged file. A list that is not there, as in a file of an older version, has none.
 */
export function readUsedToday(saved: unknown): { readonly used: UsedToday[]; readonly broken: number } {
  if (saved === undefined) return { used: [], broken: 0 };
  const entries: unknown[] = Array.isArray(saved) ? saved : [saved];
  const used = new Map<string, UsedToday>();
  for (const entry of Array.isArray(saved) ? saved : []) {
    if (v.is(usedTodaySchema, entry) && !used.has(entry.agent)) used.set(entry.agent, entry);
  }
  return { used: [...used.values()], broken: entries.length - used.size };
}
