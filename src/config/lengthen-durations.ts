import type { Variables } from "./environment.ts";
import type { ForecastOptions } from "./options.ts";
import { type Settings, settings } from "./settings.ts";

/**
 * A source that sends at every collection must not expire in between, even if a collection is late.
 */
const MIN_EXPIRY_COLLECTIONS = 3;

/** The minimum of each duration, in collection intervals. */
const MIN_COLLECTIONS = { windowMillis: 1, expiryMillis: MIN_EXPIRY_COLLECTIONS } as const;

type Duration = keyof typeof MIN_COLLECTIONS;

/**
 * The durations to use: as given, or their minimum. If a given duration is raised, `warn` is
 * called.
 */
export function lengthenDurations(
  resolved: Settings,
  options: ForecastOptions,
  sources: { readonly environment: Variables; warn(message: string): void },
): Pick<Settings, Duration> {
  const raised = (name: Duration): number => {
    const collections = MIN_COLLECTIONS[name];
    const least = collections * resolved.collectionIntervalMillis;
    if (resolved[name] >= least) return resolved[name];
    const given = whereGiven(name, options, sources.environment);
    if (given !== undefined) {
      const intervals = collections === 1 ? "the collection interval" : `${collections} collection intervals`;
      sources.warn(
        `${given} must be at least ${intervals} (${least} ms), got ${resolved[name]}; using ${least} instead`,
      );
    }
    return least;
  };
  return { windowMillis: raised("windowMillis"), expiryMillis: raised("expiryMillis") };
}

/** The name of the option or variable that gave the duration; `undefined` for the default. */
function whereGiven(name: Duration, options: ForecastOptions, environment: Variables): string | undefined {
  if (options[name] !== undefined) return `option "${name}"`;
  const { variable, fromText } = settings[name];
  const text = environment[variable]?.trim();
  return text !== undefined && fromText(text) !== undefined ? variable : undefined;
}
