import { plainInput, type TokenUsage } from "../../agents/token-usage.ts";
import type { Price } from "../../config/options.ts";
import { kindOf } from "../../core/text-of.ts";
import type { SkipLog } from "../../logging/skip-log.ts";
import { compilePattern } from "../../views/pattern.ts";

const TOKENS_OF_PRICE = 1_000_000;

/**
 * The cost of one model call, in the currency of the price table; `undefined` for a model without a
 * price.
 */
export type PriceOf = (model: string | undefined, usage: TokenUsage) => number | undefined;

/**
 * Makes a function of a price table. The first price whose pattern matches the model applies; a
 * model without a price is logged once.
 */
export function priceTable(prices: readonly Price[], skips: SkipLog): PriceOf {
  if (prices.length === 0) return () => undefined;
  const table = prices.map((price) => ({ price, matches: compilePattern(price.model) }));
  return (model, usage) => {
    const price = table.find(({ matches }) => matches(model ?? ""))?.price;
    if (price === undefined) {
      const name = model === undefined ? "no name" : kindOf(model);
      skips.skip("no_price", `tokens of a model (${name}) are counted, their cost is not`);
      return undefined;
    }
    const cost =
      plainInput(usage) * price.input +
      usage.cachedInput * (price.cachedInput ?? price.input) +
      (usage.cacheWrite ?? 0) * (price.cacheWrite ?? price.input) +
      usage.output * price.output;
    return cost / TOKENS_OF_PRICE;
  };
}
