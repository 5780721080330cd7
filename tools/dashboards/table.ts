import type { Transformation } from "./dashboard.ts";
import type { Series } from "./prometheus-api.ts";

/** Cells with the names of their columns. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** The newest values of series as Grafana makes a table of them: the time, the labels by name, the value. */
export function tableOf(series: readonly Series[], transformations: readonly Transformation[] = []): Table {
  const labels = [...new Set(series.flatMap((one) => Object.keys(one.labels)))].sort();
  const whole: Table = {
    columns: ["Time", ...labels, "Value"],
    rows: series.map((one) => {
      const [at = 0, value = Number.NaN] = one.points.at(-1) ?? [];
      return [at, ...labels.map((label) => one.labels[label] ?? ""), value];
    }),
  };
  return transformations.reduce((table, { options }) => organized(table, options), whole);
}

/** The transformation "organize": leaves out, orders and renames columns. */
function organized({ columns, rows }: Table, options: Transformation["options"]): Table {
  const { excludeByName = {}, renameByName = {}, indexByName = {} } = options;
  const place = (name: string): number => indexByName[name] ?? Number.POSITIVE_INFINITY;
  const kept = columns
    .map((name, at) => ({ name, at }))
    .filter(({ name }) => excludeByName[name] !== true)
    .sort((one, other) =>
      place(one.name) < place(other.name) ? -1 : place(one.name) > place(other.name) ? 1 : 0,
    );
  return {
    columns: kept.map(({ name }) => renameByName[name] ?? name),
    rows: rows.map((row) => kept.map(({ at }) => row[at] as string | number)),
  };
}
