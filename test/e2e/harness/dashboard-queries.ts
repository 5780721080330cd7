import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "./child.ts";

interface Target {
  readonly expr: string;
  readonly refId: string;
  readonly instant?: boolean;
}

interface Panel {
  readonly type: string;
  readonly title?: string;
  readonly targets?: readonly Target[];
  readonly panels?: readonly Panel[];
}

interface Variable {
  readonly name: string;
  readonly type: string;
  readonly multi: boolean;
  readonly definition?: string;
}

/** A query of a panel of a dashboard in the examples. */
export interface DashboardQuery {
  readonly place: string;
  readonly expr: string;
  readonly isInstant: boolean;
}

export interface KeptDashboard {
  readonly file: string;
  readonly queries: readonly DashboardQuery[];
  readonly variables: readonly Variable[];
}

export function keptDashboards(): KeptDashboard[] {
  const folder = join(packageRoot, "examples/monitoring/grafana");
  return readdirSync(folder).map((file) => {
    const { panels, templating } = JSON.parse(readFileSync(join(folder, file), "utf8")) as {
      panels: Panel[];
      templating: { list: Variable[] };
    };
    const all = panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
    return {
      file,
      variables: templating.list,
      queries: all.flatMap(({ title, targets = [] }) =>
        targets.map(({ expr, refId, instant }) => ({
          place: `${file}: ${title} ${refId}`,
          expr,
          isInstant: instant === true,
        })),
      ),
    };
  });
}

/** The query with values for its variables, as Grafana replaces them. */
export function withValues(expr: string, values: Readonly<Record<string, string>>): string {
  return expr.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced?: string, plain?: string) => {
    const value = values[braced ?? plain ?? ""];
    if (value === undefined) throw new Error(`no value for the variable ${braced ?? plain} in ${expr}`);
    return value;
  });
}
