/** One query of a panel. */
export interface QuerySpec {
  readonly expr: string;
  /** The name of each series in the legend, in Grafana's notation: `{{agent}}`. */
  readonly legend: string;
  /** Whether it asks for the current value, not for a range of time. */
  readonly isInstant?: boolean;
}

/** How a panel shows its queries. `forecast` is `lines` with the style of a forecast. */
export type PanelKind = "lines" | "forecast" | "stat" | "table";

/** The specification of a panel, independent of Grafana. */
export interface PanelSpec {
  readonly kind: PanelKind;
  readonly title: string;
  readonly description: string;
  /** The name of the unit in Grafana. */
  readonly unit: string;
  /** Where the axis begins, unless a value is lower. */
  readonly min?: number;
  /** Where the axis ends. */
  readonly max?: number;
  /** Where the axis ends, unless a value is higher. */
  readonly leastMax?: number;
  /** A limit, and the side of it that is bad: lines have it as a line, figures are red beyond it. */
  readonly limit?: { readonly value: number; readonly direction: "above" | "below" };
  /** Whether the legend is beside the lines, since there are many. */
  readonly hasLegendBeside?: boolean;
  /** What is shown in place of a number. */
  readonly words?: Readonly<Record<string, { readonly text: string; readonly color: string }>>;
  /** Of a table: the headings of columns by the names of their labels, in this order, before others. */
  readonly columns?: Readonly<Record<string, string>>;
  /** Of a table: labels that are not shown. */
  readonly withoutLabels?: readonly string[];
  /** In 24ths of the dashboard's width. */
  readonly width: number;
  readonly height: number;
  readonly queries: readonly QuerySpec[];
}

/** A row of panels with a title. */
export interface RowSpec {
  readonly title: string;
  readonly panels: readonly PanelSpec[];
}

/** A variable of the dashboard. Queries refer to it as `$name`. */
export interface VariableSpec {
  readonly name: string;
  readonly label: string;
  /** The query for its values: `label_values(...)`. */
  readonly query: string;
  /** Whether users can choose several values. All are chosen at first. */
  readonly isMulti: boolean;
  /** The value that is chosen at first. */
  readonly initial?: string;
}

/**
 * The specification of a dashboard, independent of Grafana. Each also has a data source variable.
 */
export interface DashboardSpec {
  readonly uid: string;
  readonly file: string;
  readonly title: string;
  readonly description: string;
  readonly from: string;
  readonly to: string;
  readonly variables: readonly VariableSpec[];
  readonly rows: readonly RowSpec[];
}
