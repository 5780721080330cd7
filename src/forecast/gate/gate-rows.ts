import { horizonGrid } from "../backtest/horizon-grid.ts";
import type { Evidence } from "../combination/evidence.ts";
import type { Measure } from "./series-inputs.ts";

/** A horizon is judged up to this many times the longest tested one. */
const REACH = 4;
/** The least unit: values are of the order of 1. */
const LEAST_UNIT = 1e-3;

/** A horizon that the gate judges, and the number of the tested one whose evidence it has. */
export interface GateRow {
  readonly row: number;
  readonly horizon: number;
}

/** The tested horizons, and some beyond them: a young series has tested few. */
export function gateRows({ walks, horizonSteps }: Evidence): GateRow[] {
  const last = walks.length - 1;
  const rows = walks.map(({ horizon }, row) => ({ row, horizon }));
  const longest = (rows[last] as GateRow).horizon;
  for (const horizon of horizonGrid(Math.min(horizonSteps, REACH * longest)))
    if (horizon > longest) rows.push({ row: last, horizon });
  return rows;
}

/** What a series is seen from. */
export function measureOf({ values, usualErrors }: Evidence): Measure {
  let index = values.length - 1;
  while (Number.isNaN(values[index] as number)) index--;
  return { last: values[index] as number, unit: Math.max(LEAST_UNIT, usualErrors[0] as number) };
}
