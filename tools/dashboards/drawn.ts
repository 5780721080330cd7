/** Where a panel is, in cells of the dashboard's grid. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** A line, and the space below it. */
export interface DrawnLine {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly color: string;
  readonly width: number;
  readonly dash: readonly number[];
  readonly isInLegend: boolean;
  /** From 0 to 1. */
  readonly fill: number;
  /** The name of the line that the filled space ends at; absent: at the bottom. */
  readonly fillTo?: string;
}

/** A panel of lines over time. */
export interface DrawnLines {
  readonly kind: "lines";
  readonly times: readonly number[];
  readonly lines: readonly DrawnLine[];
  readonly unit: string;
  readonly hasLegendBeside: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly softMin?: number;
  readonly softMax?: number;
  readonly limits: readonly { readonly value: number; readonly color: string }[];
}

/** A panel of one number. */
export interface DrawnFigure {
  readonly kind: "figure";
  readonly figures: readonly { readonly text: string; readonly color: string }[];
}

/** A panel of rows and columns. */
export interface DrawnTable {
  readonly kind: "table";
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The title of a row of panels. */
export interface DrawnRow {
  readonly kind: "row";
}

/** A panel with what it shows. */
export interface DrawnPanel {
  readonly title: string;
  readonly description: string;
  readonly place: Place;
  readonly content: DrawnLines | DrawnFigure | DrawnTable | DrawnRow;
}

/** A dashboard with all that it shows. */
export interface DrawnDashboard {
  readonly title: string;
  readonly variables: readonly { readonly label: string; readonly text: string }[];
  readonly panels: readonly DrawnPanel[];
}

/** Whether Grafana writes "No data" on a panel. */
export function isEmpty({ content }: DrawnPanel): boolean {
  switch (content.kind) {
    case "row":
      return false;
    case "lines":
      return !content.lines.some(({ values }) => values.some((value) => value !== null));
    case "figure":
      return content.figures.length === 0;
    case "table":
      return content.rows.length === 0;
  }
}
