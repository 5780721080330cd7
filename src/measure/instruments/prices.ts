import type { Price } from "../../config/options.ts";
import type { SkipLog } from "../../logging/skip-log.ts";
import { compilePattern } from "../../views/pattern.ts";
import type { PriceOf } from "./agent-consumption.ts";

const TOKENS_PER_PRICE = 1_000_000;

/** A price table as a function: the first price whose pattern matches the model holds. A model without one is said once. */
export function priceList(prices: readonly Price[], skips: SkipLog): PriceOf {
  if (prices.length === 0) return () => undefined;
  const table = prices.map((price) => ({ price, matches: compilePattern(price.model) }));
  return (model, usage) => {
    const price = table.find(({ matches }) => matches(model ?? ""))?.price;
    if (price === undefined) {
      skips.skip("no_price", `tokens of model ${model ?? "unknown"} are counted, their cost is not`);
      return undefined;
    }
    const plainInput = usage.input - usage.cachedInput;
    const cost =
      plainInput * price.input +
      usage.cachedInput * (price.cachedInput ?? price.input) +
      usage.output * price.output;
    return cost / TOKENS_PER_PRICE;
  };
}
