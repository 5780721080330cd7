/** One query of a panel. */
export interface QuerySpec {
  readonly expr: string;
  /** Name of what comes back, in Grafana's notation: `{{agent}}`. */
  readonly legend: string;
  /** The value of now, not a line over time. */
  readonly isInstant?: boolean;
}

export type PanelKind = "lines" | "forecast" | "stat" | "table";

/** A panel, without Grafana: what it asks and how a person reads the answer. */
export interface PanelSpec {
  readonly kind: PanelKind;
  readonly title: string;
  readonly description: string;
  /** Name of a unit in Grafana. */
  readonly unit: string;
  readonly min?: number;
  readonly max?: number;
  /** Drawn as a line; on which side of it trouble is. */
  readonly limit?: { readonly value: number; readonly direction: "above" | "below" };
  /** In 24ths of the width of a dashboard. */
  readonly width: number;
  readonly height: number;
  readonly queries: readonly QuerySpec[];
}

export interface RowSpec {
  readonly title: string;
  readonly panels: readonly PanelSpec[];
}

/** A choice above the dashboard that queries refer to as `$name`. */
export interface VariableSpec {
  readonly name: string;
  readonly label: string;
  /** What Grafana asks Prometheus for the values, `label_values(...)`. */
  readonly query: string;
  /** Several may be chosen, and all are to begin with. */
  readonly isMulti: boolean;
  /** Chosen to begin with. */
  readonly initial?: string;
}

/** A dashboard, without Grafana. A data source is chosen first, in every one. */
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
