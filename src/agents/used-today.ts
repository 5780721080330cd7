import * as v from "valibot";

const amount = v.pipe(v.number(), v.finite(), v.minValue(0));
const name = v.pipe(
  v.string(),
  v.check((it) => it.trim() !== ""),
);
/** In the currency of the price table; absent if no model had a price. */
const cost = v.exactOptional(amount);

const usedTodaySchema = v.object({
  agent: name,
  /** Epoch milliseconds. The numbers are totals of this day. */
  lastUsedAt: v.pipe(v.number(), v.finite()),
  tokens: amount,
  cost,
  /** The same by model. Files of older versions lack it. */
  models: v.exactOptional(v.array(v.object({ model: name, tokens: amount, cost }))),
});

/** What an agent used on the last day on which it used something, as plain data for JSON. */
export type UsedToday = Readonly<v.InferOutput<typeof usedTodaySchema>>;

/** What a thread or process used today. */
export interface UsedByMember {
  /** Identifies it over all its connections. */
  readonly id: string;
  readonly today: readonly UsedToday[];
}

/**
 * Reads what was saved of each agent. Of several entries for one agent the first counts. Files of
 * older versions have no list.
 *
 * @returns the entries, and the number of entries that cannot be used.
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
