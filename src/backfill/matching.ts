import { emptyLabels, type Labels, seriesId } from "../core/series-key.ts";

/** A series of the API. */
export interface FoundSeries {
  readonly labels: Labels;
  /** Its newest value before now, in epoch milliseconds. */
  readonly newestAt: number;
}

/** Chooses one of several series that have all labels of ours; `undefined` if none is certain. */
export type ChooseSeries = (found: readonly FoundSeries[]) => FoundSeries | undefined;

/** What was found for one of our series. */
export type Match = { readonly found: FoundSeries } | "no_past" | "ambiguous";

/** Several series are ambiguous. */
export const onlyOne: ChooseSeries = (found) => (found.length === 1 ? found[0] : undefined);

/**
 * Finds the series of the API that are ours: those with all our labels. With `isExact` they have no
 * others. A series that has the labels of several of ours belongs to the one with the most.
 * O(series) for each set of label names.
 *
 * @param ours labels by id, as Prometheus has them.
 */
export function matchesOf<Id>(
  ours: ReadonlyMap<Id, Labels>,
  series: Iterable<FoundSeries>,
  { isExact, choose = onlyOne }: { readonly isExact: boolean; readonly choose?: ChooseSeries | undefined },
): Map<Id, Match> {
  const kinds = kindsOf(ours);
  const candidates = new Map<Id, FoundSeries[]>();
  for (const found of series) {
    const id = ownerOf(found.labels, kinds, isExact);
    if (id === undefined) continue;
    const others = candidates.get(id);
    if (others === undefined) candidates.set(id, [found]);
    else others.push(found);
  }
  const matches = new Map<Id, Match>();
  for (const id of ours.keys()) {
    const found = candidates.get(id);
    const chosen = found && choose(found);
    matches.set(
      id,
      chosen === undefined ? (found === undefined ? "no_past" : "ambiguous") : { found: chosen },
    );
  }
  return matches;
}

/** Our series with the same label names. */
interface Kind<Id> {
  readonly names: readonly string[];
  readonly ids: Map<string, Id>;
}

/** Those with the most names first. */
function kindsOf<Id>(ours: ReadonlyMap<Id, Labels>): Kind<Id>[] {
  const kinds = new Map<string, Kind<Id>>();
  for (const [id, labels] of ours) {
    const names = Object.keys(labels).sort();
    const key = names.join();
    let kind = kinds.get(key);
    if (kind === undefined) {
      kind = { names, ids: new Map() };
      kinds.set(key, kind);
    }
    kind.ids.set(keyOf(labels), id);
  }
  return [...kinds.values()].sort((one, other) => other.names.length - one.names.length);
}

function ownerOf<Id>(labels: Labels, kinds: readonly Kind<Id>[], isExact: boolean): Id | undefined {
  const count = Object.keys(labels).length - (Object.hasOwn(labels, "__name__") ? 1 : 0);
  for (const { names, ids } of kinds) {
    if (isExact && names.length !== count) continue;
    if (!names.every((name) => Object.hasOwn(labels, name))) continue;
    const own = emptyLabels();
    for (const name of names) own[name] = labels[name] as string;
    const id = ids.get(keyOf(own));
    if (id !== undefined) return id;
  }
  return undefined;
}

function keyOf(labels: Labels): string {
  return seriesId({ metric: "", labels });
}
