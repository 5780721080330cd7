import type { ChooseSeries, FoundSeries } from "../../backfill/matching.ts";
import type { Labels } from "../../core/series-key.ts";

/** What is known of this process. */
export interface OwnIdentity {
  /** Those of the resource. */
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly serviceName: string;
  /** The host and the port on which it is scraped. */
  readonly address: string;
}

/** The labels that say which instance of a service a series is of, and of which service. */
const INSTANCE_LABELS = ["instance", "exported_instance", "service_instance_id"];
const SERVICE_LABELS = ["job", "exported_job", "service_name"];
/** Of series that go on, the newest values are so close to each other. */
const SAME_TIME_MILLIS = 120_000;

/**
 * Chooses the series of this process, or of the one that it replaces, of several with the same
 * labels: those whose `instance` is ours, else those of our service, else all. If there are several
 * of them, it is the one with the newest value, because it is the last that has ended. If several go
 * on, they are of other processes that do the same: none is chosen.
 */
export function chooseOwn(identity: () => OwnIdentity): ChooseSeries {
  return (found) => {
    const own = identity();
    const ofInstance = found.filter(({ labels }) => isOfInstance(labels, own));
    const ofService = found.filter(({ labels }) => isOfService(labels, own));
    return newest([ofInstance, ofService].find(({ length }) => length > 0) ?? found);
  };
}

function isOfInstance(labels: Labels, { attributes, address }: OwnIdentity): boolean {
  const isOwn = (text: unknown): boolean => text === attributes["service.instance.id"] || text === address;
  return valuesOf(labels, INSTANCE_LABELS).some(isOwn);
}

function isOfService(labels: Labels, { attributes, serviceName }: OwnIdentity): boolean {
  const withNamespace = `${attributes["service.namespace"]}/${serviceName}`;
  const isOwn = (text: unknown): boolean => text === serviceName || text === withNamespace;
  return valuesOf(labels, SERVICE_LABELS).some(isOwn);
}

/** Of those labels that are there: what this process does not know of itself is none of them. */
function valuesOf(labels: Labels, names: readonly string[]): readonly string[] {
  return names.map((name) => labels[name]).filter((text) => text !== undefined);
}

function newest(found: readonly FoundSeries[]): FoundSeries | undefined {
  const [first, second] = found.toSorted((one, other) => other.newestAt - one.newestAt);
  if (first === undefined || second === undefined) return first;
  return first.newestAt - second.newestAt >= SAME_TIME_MILLIS ? first : undefined;
}
