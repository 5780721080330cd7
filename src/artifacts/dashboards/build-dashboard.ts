import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { buildPanel } from "./build-panel.ts";
import type { DashboardSpec, VariableSpec } from "./dashboard-spec.ts";
import type { GrafanaSdk } from "./grafana-sdk.ts";

/** The tag of all our dashboards. Each links to the others by it. */
export const TAG = "otel-forecast";

/** Builds a Grafana dashboard from its specification. */
export function buildDashboard(sdk: GrafanaSdk, spec: DashboardSpec): Dashboard {
  const { dashboard } = sdk;
  const builder = new dashboard.DashboardBuilder(spec.title)
    .id(null)
    .uid(spec.uid)
    .description(spec.description)
    .tags([TAG])
    .time({ from: spec.from, to: spec.to })
    .refresh("30s")
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .link(
      new dashboard.DashboardLinkBuilder("otel-forecast")
        .type(dashboard.DashboardLinkType.Dashboards)
        .tags([TAG])
        .keepTime(true)
        .includeVars(true),
    )
    .withVariable(
      new dashboard.DatasourceVariableBuilder("datasource").label("Data source").type("prometheus"),
    );
  for (const variable of spec.variables) builder.withVariable(buildVariable(sdk, variable));
  let id = 0;
  const nextId = (): number => {
    id += 1;
    return id;
  };
  for (const row of spec.rows) {
    builder.withRow(new dashboard.RowBuilder(row.title).id(nextId()));
    for (const panel of row.panels) builder.withPanel(buildPanel(sdk, panel).id(nextId()));
  }
  return builder.build();
}

function buildVariable({ dashboard }: GrafanaSdk, variable: VariableSpec) {
  const { name, label, query, isMulti, initial } = variable;
  const builder = new dashboard.QueryVariableBuilder(name)
    .label(label)
    .datasource({ type: "prometheus", uid: "$datasource" })
    .query(query)
    .definition(query)
    .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
    .sort(dashboard.VariableSort.NaturalAsc)
    .multi(isMulti)
    .includeAll(isMulti);
  if (isMulti) builder.allValue(".*").current({ text: "All", value: "$__all" });
  if (initial !== undefined) builder.current({ text: initial, value: initial });
  return builder;
}
