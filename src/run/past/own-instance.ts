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
    const ranks = found.map(({ labels }) => rankOf(labels, own));
    const best = Math.max(...ranks);
    return newest(found.filter((_, index) => ranks[index] === best));
  };
}

function rankOf(labels: Labels, { attributes, serviceName, address }: OwnIdentity): number {
  const { "service.namespace": namespace, "service.instance.id": instance } = attributes;
  const has = (names: readonly string[], ...texts: readonly unknown[]): boolean =>
    names.some((name) => labels[name] !== undefined && texts.includes(labels[name]));
  if (has(INSTANCE_LABELS, instance, address)) return 2;
  return has(SERVICE_LABELS, serviceName, `${namespace}/${serviceName}`) ? 1 : 0;
}

function newest(found: readonly FoundSeries[]): FoundSeries | undefined {
  const [first, second] = found.toSorted((one, other) => other.newestAt - one.newestAt);
  if (first === undefined || second === undefined) return first;
  return first.newestAt - second.newestAt >= SAME_TIME_MILLIS ? first : undefined;
}
