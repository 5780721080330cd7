import type { ForecastOptions } from "./options.ts";
import { type Settings, settings } from "./settings.ts";

/**
 * What is heard of at every collection must not expire in between, also when one of them is late.
 */
const FEWEST_SILENT_COLLECTIONS = 3;

/** Durations that make no sense when they are shorter than some collections are apart. */
const FEWEST_COLLECTIONS = { windowMillis: 1, expiryMillis: FEWEST_SILENT_COLLECTIONS } as const;

type Environment = Readonly<Record<string, string | undefined>>;
type Duration = keyof typeof FEWEST_COLLECTIONS;

/**
 * The durations that are to be used: as given, or the least that will do. One that was given and is
 * raised is told of.
 */
export function longEnough(
  resolved: Settings,
  options: ForecastOptions,
  sources: { readonly environment: Environment; warn(message: string): void },
): Pick<Settings, Duration> {
  const raised = (name: Duration): number => {
    const collections = FEWEST_COLLECTIONS[name];
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

/** What gave the duration, by its name; `undefined` where it is the default. */
function whereGiven(name: Duration, options: ForecastOptions, environment: Environment): string | undefined {
  if (options[name] !== undefined) return `option "${name}"`;
  const { variable, fromText } = settings[name];
  const text = environment[variable]?.trim();
  return text !== undefined && fromText(text) !== undefined ? variable : undefined;
}
