import type { Bounds } from "../core/bounds.ts";
import { parseHorizon } from "../core/horizon.ts";
import type { Threshold } from "../core/threshold.ts";
import type { ForecastView, MeasuredNumber, ViewOutput } from "../views/forecast-view.ts";
import type { AttributeFilter } from "../views/pattern.ts";
import type { ThresholdOption } from "./options.ts";
import { settings } from "./settings.ts";

/** A view as a configuration file has it: one instrument pattern, one number. */
export interface ViewEntry {
  readonly instrument: string | readonly string[];
  readonly scope?: string;
  readonly where?: AttributeFilter;
  readonly number: Exclude<MeasuredNumber, "total">;
  readonly quantile?: number;
  readonly of?: AttributeFilter;
  readonly name?: string;
  readonly unit?: string;
  readonly by?: "all" | readonly string[];
  readonly bounds?: Bounds;
  readonly threshold?: ThresholdOption;
  readonly horizons?: readonly string[];
  readonly method?: string;
  readonly season?: string;
  readonly timeZone?: string;
  readonly dailyTotal?: boolean;
}

/** The view of a configuration entry, with what the entry leaves open filled in by the kind of number. */
export function toForecastView(entry: ViewEntry): ForecastView {
  const horizons = entry.horizons === undefined ? undefined : settings.horizons.fromOption(entry.horizons);
  const season = entry.season === undefined ? undefined : parseHorizon(entry.season);
  return {
    instruments: typeof entry.instrument === "string" ? [entry.instrument] : entry.instrument,
    ...(entry.scope === undefined ? {} : { scope: entry.scope }),
    ...(entry.where === undefined ? {} : { where: entry.where }),
    by: entry.by ?? "all",
    outputs: [outputOf(entry)],
    ...(horizons === undefined ? {} : { horizons }),
    ...(entry.method === undefined ? {} : { method: entry.method }),
    ...(season === undefined ? {} : { seasonSeconds: season.seconds }),
    ...(entry.timeZone === undefined ? {} : { timeZone: entry.timeZone }),
  };
}

function outputOf(entry: ViewEntry): ViewOutput {
  const quantile = entry.quantile ?? 0.95;
  const names: Record<ViewEntry["number"], string> = {
    level: "{instrument}",
    rate: "{base}_per_second",
    ratio: "{base}_ratio",
    quantile: `{instrument}.p${Number((quantile * 100).toFixed(4))}`,
    mean: "{instrument}.mean",
  };
  const hasUnitOfItsOwn = entry.number === "rate" || entry.number === "ratio";
  const unit = entry.unit ?? (hasUnitOfItsOwn ? "" : undefined);
  const bounds = entry.bounds ?? naturalBounds(entry);
  return {
    name: entry.name ?? names[entry.number],
    ...(unit === undefined ? {} : { unit }),
    number: entry.number,
    ...(entry.number === "quantile" ? { quantile } : {}),
    ...(entry.of === undefined ? {} : { of: [entry.of] }),
    ...(bounds === undefined ? {} : { bounds }),
    ...(entry.threshold === undefined ? {} : { threshold: thresholdOf(entry.threshold) }),
    isPublished: entry.number !== "level" || entry.name !== undefined,
    isForecast: true,
    ...(entry.dailyTotal === undefined ? {} : { isDailyTotal: entry.dailyTotal }),
  };
}

function naturalBounds({ number, dailyTotal = false }: ViewEntry): Bounds | undefined {
  if (number === "ratio") return { lower: 0, upper: 1 };
  return number === "rate" || dailyTotal ? { lower: 0 } : undefined;
}

function thresholdOf(option: ThresholdOption): Threshold {
  return "above" in option
    ? { value: option.above, direction: "above" }
    : { value: option.below, direction: "below" };
}
