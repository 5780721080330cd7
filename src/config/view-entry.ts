import type { Bounds } from "../core/bounds.ts";
import { parseDuration } from "../core/horizon.ts";
import type { ForecastView, ViewOutput } from "../views/forecast-view.ts";
import { type Accepted, toThreshold } from "./schema.ts";
import { settings } from "./settings.ts";
import { SHARED_OUTPUT_KEYS, SHARED_VIEW_KEYS, type viewEntry } from "./view-schema.ts";

type ViewEntry = Accepted<typeof viewEntry>;

const DEFAULT_QUANTILE = 0.95;

/**
 * The view of an entry in the configuration file. The kind of number decides what the entry leaves
 * open.
 */
export function toForecastView(entry: ViewEntry): ForecastView {
  const horizons = entry.horizons === undefined ? undefined : settings.horizons.fromOption(entry.horizons);
  const seasonSeconds = entry.season === undefined ? undefined : parseDuration(entry.season);
  return {
    ...pick(entry, SHARED_VIEW_KEYS),
    instruments: typeof entry.instrument === "string" ? [entry.instrument] : entry.instrument,
    by: entry.by ?? "all",
    outputs: [outputOf(entry)],
    ...(horizons === undefined ? {} : { horizons }),
    ...(seasonSeconds === undefined ? {} : { seasonSeconds }),
  };
}

function outputOf(entry: ViewEntry): ViewOutput {
  const { number, quantile = DEFAULT_QUANTILE, name, of, threshold, dailyTotal } = entry;
  const names: Record<ViewEntry["number"], string> = {
    level: "{instrument}",
    rate: "{base}_per_second",
    ratio: "{base}_ratio",
    quantile: `{instrument}.p${Number((quantile * 100).toFixed(4))}`,
    mean: "{instrument}.mean",
    today: "{instrument}.today",
  };
  const hasUnitOfItsOwn = number === "rate" || number === "ratio";
  const bounds = naturalBounds(entry);
  return {
    ...(hasUnitOfItsOwn ? { unit: "" } : {}),
    ...(bounds === undefined ? {} : { bounds }),
    ...pick(entry, SHARED_OUTPUT_KEYS),
    name: name ?? names[number],
    number,
    ...(number === "quantile" ? { quantile } : {}),
    ...(of === undefined ? {} : { of: [of] }),
    ...(threshold === undefined ? {} : { threshold: toThreshold(threshold) }),
    isPublished: number !== "level" || name !== undefined,
    isForecast: true,
    ...(dailyTotal === undefined ? {} : { isDailyTotal: dailyTotal }),
  };
}

function naturalBounds({ number, dailyTotal = false }: ViewEntry): Bounds | undefined {
  if (number === "ratio") return { lower: 0, upper: 1 };
  return number === "rate" || dailyTotal ? { lower: 0 } : undefined;
}

/** The keys that an object has of those that are named. */
function pick<Source extends object, Key extends keyof Source>(
  source: Source,
  keys: readonly Key[],
): Pick<Source, Key> {
  return Object.fromEntries(
    keys.filter((key) => source[key] !== undefined).map((key) => [key, source[key]]),
  ) as Pick<Source, Key>;
}
