import type { PanelSpec } from "./dashboard-spec.ts";

/** The limit of numbers that should be 0. */
export const ANY = { value: 1, direction: "above" } as const;

/** A sixth of a row with the current value of one query. */
export function figure(title: string, description: string, unit: string, expr: string): PanelSpec {
  return {
    kind: "stat",
    title,
    description,
    unit,
    width: 4,
    height: 4,
    queries: [{ expr, legend: title, isInstant: true }],
  };
}
