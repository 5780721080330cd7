import type { Labels } from "../core/series-key.ts";

/** Labels that say something about a forecast. */
const RESERVED = ["metric", "horizon", "level", "threshold"];

/** A label of the series that has the name of one of ours is renamed as Prometheus renames such labels. */
export function withoutReserved(labels: Labels, reserved: readonly string[] = RESERVED): Labels {
  if (!reserved.some((name) => name in labels)) return labels;
  const renamed = Object.entries(labels).map(([name, value]) => [
    reserved.includes(name) ? `exported_${name}` : name,
    value,
  ]);
  return Object.fromEntries(renamed);
}
