import type { PriceOf } from "../telemetry/agent-consumption.ts";
import type { SkipLog } from "../telemetry/skip-log.ts";
import { compilePattern } from "./views/pattern.ts";

const TOKENS_PER_PRICE = 1_000_000;

/** What a million tokens of a model cost, in whatever currency the table is in. */
export interface Price {
  /** Name of a model, or a pattern with `*` and `?`. */
  readonly model: string;
  readonly input: number;
  readonly output: number;
  /** Input that came out of the provider's cache; absent: as other input. */
  readonly cachedInput?: number;
}

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
