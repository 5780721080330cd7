import { readFileSync } from "node:fs";
import { checkUnit } from "./browser/units.ts";

// The parts of Grafana's dashboards that ours use. What is not known here is refused, so a picture never
// leaves out what Grafana would show.

/** One query of a panel. */
export interface Target {
  readonly expr: string;
  readonly refId: string;
  readonly legendFormat?: string;
  readonly instant?: boolean;
  readonly format?: string;
}

/** A colour from a value on; the first has no value. */
export interface Step {
  readonly value: number | null;
  readonly color: string;
}

/** How lines are drawn. */
export interface LineStyle {
  readonly lineWidth?: number;
  readonly fillOpacity?: number;
  readonly showPoints?: string;
  readonly lineStyle?: { readonly fill: string; readonly dash?: readonly number[] };
  readonly fillBelowTo?: string;
  readonly hideFrom?: { readonly legend: boolean };
  readonly axisSoftMin?: number;
  readonly axisSoftMax?: number;
  readonly thresholdsStyle?: { readonly mode: string };
}

/** How values are shown. */
export interface FieldDefaults {
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  readonly decimals?: number;
  readonly noValue?: string;
  readonly color?: { readonly mode: string; readonly fixedColor?: string };
  readonly thresholds?: { readonly mode: string; readonly steps: readonly Step[] };
  readonly mappings?: readonly {
    readonly type: string;
    readonly options: Readonly<Record<string, { readonly text?: string; readonly color?: string }>>;
  }[];
  readonly custom?: LineStyle;
}

/** Another look of the fields with a name. */
export interface Override {
  readonly matcher: { readonly id: string; readonly options: string };
  readonly properties: readonly { readonly id: string; readonly value: unknown }[];
}

/** A change of a table. */
export interface Transformation {
  readonly id: string;
  readonly options: {
    readonly excludeByName?: Readonly<Record<string, boolean>>;
    readonly renameByName?: Readonly<Record<string, string>>;
    readonly indexByName?: Readonly<Record<string, number>>;
  };
}

/** A panel, or the title of a row. */
export interface Panel {
  readonly type: string;
  readonly title?: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly Target[];
  readonly fieldConfig?: { readonly defaults: FieldDefaults; readonly overrides: readonly Override[] };
  readonly transformations?: readonly Transformation[];
  readonly options?: { readonly legend?: { readonly placement: string } };
}

/** A variable of a dashboard. */
export interface Variable {
  readonly name: string;
  readonly type: string;
  readonly label?: string;
  readonly definition?: string;
  readonly allValue?: string;
  readonly current?: { readonly text: string; readonly value: string };
}

/** A dashboard. */
export interface Dashboard {
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly Variable[] };
  readonly time: { readonly from: string; readonly to: string };
}

const KNOWN = {
  panel: ["row", "timeseries", "stat", "table"],
  field: ["unit", "min", "max", "decimals", "noValue", "color", "thresholds", "mappings", "custom"],
  // `align` and `inspect` are those of tables, as Grafana has them by default.
  custom: [
    ...["lineWidth", "fillOpacity", "showPoints", "lineStyle", "fillBelowTo", "hideFrom", "thresholdsStyle"],
    ...["axisSoftMin", "axisSoftMax", "align", "inspect"],
  ],
  matcher: ["byRegexp", "byName"],
  transformation: ["organize"],
  variable: ["datasource", "query"],
  color: ["fixed"],
  thresholds: ["absolute"],
  mapping: ["value"],
} as const;

/**
 * Reads a dashboard.
 *
 * @throws Error if it has something that the pictures would not show.
 */
export function readDashboard(file: string): Dashboard {
  return checked(JSON.parse(readFileSync(file, "utf8")) as Dashboard);
}

/** The same dashboard, if everything in it is known here. */
export function checked(dashboard: Dashboard): Dashboard {
  for (const { type } of dashboard.templating.list) know("variable", type, dashboard.title);
  for (const panel of dashboard.panels) checkPanel(panel);
  return dashboard;
}

function checkPanel(panel: Panel): void {
  const { type, title = "", fieldConfig, transformations = [] } = panel;
  know("panel", type, title);
  for (const { id } of transformations) know("transformation", id, title);
  if (fieldConfig === undefined) return;
  const { defaults, overrides } = fieldConfig;
  checkUnit(defaults.unit ?? "short");
  for (const key of Object.keys(defaults)) know("field", key, title);
  for (const key of Object.keys(defaults.custom ?? {})) know("custom", key, title);
  if (defaults.thresholds !== undefined) know("thresholds", defaults.thresholds.mode, title);
  for (const { type: mapping } of defaults.mappings ?? []) know("mapping", mapping, title);
  for (const { matcher, properties } of overrides) {
    know("matcher", matcher.id, title);
    for (const { id, value } of properties) checkProperty(id, value, title);
  }
}

function checkProperty(id: string, value: unknown, title: string): void {
  if (id.startsWith("custom.")) know("custom", id.slice("custom.".length), title);
  else know("field", id, title);
  if (id === "unit") checkUnit(value as string);
  if (id === "color") know("color", (value as { mode: string }).mode, title);
}

function know(kind: keyof typeof KNOWN, name: string, title: string): void {
  if (!(KNOWN[kind] as readonly string[]).includes(name))
    throw new Error(`the panel "${title}" has the ${kind} ${name}, which pictures of dashboards do not show`);
}
