import { partsOfSaved } from "../alerts/saved-alerting.ts";
import { seriesOfAlert } from "../alerts/tracked-alert.ts";
import type { ForecastPipeline } from "../run/forecast-pipeline.ts";
import { isRecord } from "../series/series-snapshot.ts";
import { labelsPartOf } from "../views/view-routes.ts";
import { seriesRecordsOf } from "./joined-series.ts";
import { labelsKey } from "./kafka/partition-homes.ts";
import type { StateRecord } from "./state/state-record.ts";
import type { StreamTable } from "./streams/stream-table.ts";

/** The clock of all windows, and the alerts of a slot, are one record each. */
export const ALL = "all";

/** What is saved of a gateway. */
export interface SavedParts {
  readonly pipeline: ForecastPipeline;
  readonly streams: StreamTable;
}

/** Tells which partition labels belong to, by their `labelsKey`; `undefined`: to none. */
export type PartitionOf = (key: string) => number | undefined;

/** What is saved of what does not come from Kafka. Each record is made when it is written. */
export function* recordsOf(
  { pipeline, streams }: SavedParts,
  partitionOf: PartitionOf,
): Generator<StateRecord, undefined> {
  const partOf = (id: string): number | undefined => partitionOf(labelsOfAlert(id));
  yield {
    kind: "alerts",
    id: ALL,
    data: () => partsOfSaved(pipeline.alerting.save(), partOf).get(undefined),
  };
  for (const window of pipeline.windows.saved()) {
    const id = idOf(window);
    if (id === undefined) yield { kind: "clock", id: ALL, data: () => window };
    else if (partitionOf(labelsPartOf(id)) === undefined) yield { kind: "window", id, data: () => window };
  }
  const isOurs = (key: string): boolean => partitionOf(key) === undefined;
  for (const series of pipeline.engine.parts(({ labels }) => isOurs(labelsKey(labels))))
    yield* seriesRecordsOf(series);
  for (const stream of streams.records()) if (stream.partition === undefined) yield stream;
}

/** What is saved of what comes from Kafka: each record has the partition as its slot. */
export function* partitionRecordsOf(
  { pipeline, streams }: SavedParts,
  partitionOf: PartitionOf,
): Generator<StateRecord & { readonly slot: number }, undefined> {
  for (const { partition, ...stream } of streams.records())
    if (partition !== undefined) yield { ...stream, slot: partition };
  for (const window of pipeline.windows.saved()) {
    const id = idOf(window);
    const slot = id === undefined ? undefined : partitionOf(labelsPartOf(id));
    if (id !== undefined && slot !== undefined) yield { kind: "window", id, slot, data: () => window };
  }
  const alerts = partsOfSaved(pipeline.alerting.save(), (id) => partitionOf(labelsOfAlert(id)));
  for (const [slot, ofIt] of alerts)
    if (slot !== undefined) yield { kind: "alerts", id: ALL, slot, data: () => ofIt };
  const isOurs = (key: string): boolean => partitionOf(key) !== undefined;
  for (const series of pipeline.engine.parts(({ labels }) => isOurs(labelsKey(labels)))) {
    const slot = partitionOf(labelsKey(series.key.labels));
    if (slot !== undefined) for (const record of seriesRecordsOf(series)) yield { ...record, slot };
  }
}

/** The clock of the windows, as it is saved. */
export function windowClockOf({ windows }: ForecastPipeline): unknown {
  const [first] = windows.saved();
  return first !== undefined && idOf(first) === undefined ? first : undefined;
}

/** The `labelsKey` of the series of an alert. */
export function labelsOfAlert(id: string): string {
  const series = seriesOfAlert(id);
  const start = series.indexOf("\u0000");
  return start < 0 ? "" : series.slice(start);
}

function idOf(window: unknown): string | undefined {
  return isRecord(window) && typeof window.id === "string" ? window.id : undefined;
}
