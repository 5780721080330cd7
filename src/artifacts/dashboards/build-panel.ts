import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import type {
  DynamicConfigValue,
  Panel,
  ThresholdsConfig,
  ValueMap,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type { PanelSpec, QuerySpec } from "./dashboard-spec.ts";
import { LOWER, PREDICTED, UPPER } from "./forecast-panel.ts";
import type { GrafanaSdk } from "./grafana-sdk.ts";

const DATASOURCE = { type: "prometheus", uid: "$datasource" };

const DASHED = { id: "custom.lineStyle", value: { fill: "dash", dash: [10, 10] } };
const BLUE = { id: "color", value: { mode: "fixed", fixedColor: "blue" } };
const NO_LINE = { id: "custom.lineWidth", value: 0 };
const NO_LEGEND = { id: "custom.hideFrom", value: { legend: true, tooltip: false, viz: false } };

/** The space down to the other bound. A line has none: it would be filled down to the axis. */
const BAND = { id: "custom.fillOpacity", value: 15 };

/**
 * The style of a forecast: the predicted line is dashed, and the space between the bounds is
 * filled.
 */
const FORECAST_LOOKS: readonly (readonly [string, DynamicConfigValue[]])[] = [
  [PREDICTED, [DASHED, BLUE]],
  [LOWER, [NO_LINE, BLUE, NO_LEGEND]],
  [UPPER, [NO_LINE, BLUE, NO_LEGEND, BAND, { id: "custom.fillBelowTo", value: LOWER }]],
];

/** A builder of a panel with a method for its id. */
export interface NumberedPanel extends Builder<Panel> {
  id(id: number): this;
}

/** Builds a Grafana panel from its specification. */
export function buildPanel(sdk: GrafanaSdk, spec: PanelSpec): NumberedPanel {
  const targets = spec.queries.map((query, index) => buildQuery(sdk, spec, query, index));
  switch (spec.kind) {
    case "stat":
      return figure(sdk, spec, targets);
    case "table":
      return table(sdk, spec, targets);
    case "lines":
    case "forecast":
      return lines(sdk, spec, targets);
  }
}

type Targets = ReturnType<typeof buildQuery>[];

/** Sets what all kinds of panels have. */
function common<
  Kind extends {
    title(title: string): Kind;
    description(description: string): Kind;
    unit(unit: string): Kind;
    span(width: number): Kind;
    height(height: number): Kind;
    datasource(datasource: typeof DATASOURCE): Kind;
    targets(targets: Targets): Kind;
  },
>(panel: Kind, spec: PanelSpec, targets: Targets): Kind {
  return panel
    .title(spec.title)
    .description(spec.description)
    .unit(spec.unit)
    .span(spec.width)
    .height(spec.height)
    .datasource(DATASOURCE)
    .targets(targets);
}

function figure(sdk: GrafanaSdk, spec: PanelSpec, targets: Targets) {
  const panel = common(new sdk.stat.PanelBuilder(), spec, targets)
    .graphMode(sdk.common.BigValueGraphMode.None)
    // Without thresholds, Grafana shows every number from 80 on in red.
    .thresholds(spec.limit === undefined ? plain(sdk) : limitOf(sdk, spec.limit, "green"));
  return spec.words === undefined ? panel : panel.mappings(mappingsOf(sdk, spec.words));
}

function table(sdk: GrafanaSdk, spec: PanelSpec, targets: Targets) {
  const panel = common(new sdk.table.PanelBuilder(), spec, targets).withTransformation(columnsOf(spec));
  const { words, columns } = spec;
  if (words === undefined || columns?.Value === undefined) return panel;
  // Only numbers: a label may have the same text.
  return panel.overrideByName(columns.Value, [{ id: "mappings", value: mappingsOf(sdk, words) }]);
}

function mappingsOf({ dashboard }: GrafanaSdk, words: NonNullable<PanelSpec["words"]>): ValueMap[] {
  return [{ type: dashboard.MappingType.ValueToText, options: words }];
}

function columnsOf({ columns = {}, withoutLabels = [] }: PanelSpec) {
  const hidden = ["Time", "__name__", ...withoutLabels];
  return {
    id: "organize",
    options: {
      excludeByName: Object.fromEntries(hidden.map((name) => [name, true])),
      indexByName: Object.fromEntries(Object.keys(columns).map((name, index) => [name, index])),
      renameByName: columns,
    },
  };
}

function lines(sdk: GrafanaSdk, spec: PanelSpec, targets: Targets) {
  const panel = common(new sdk.timeseries.PanelBuilder(), spec, targets)
    .lineWidth(1)
    .fillOpacity(0)
    .showPoints(sdk.common.VisibilityMode.Never)
    .legend(
      new sdk.common.VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(sdk.common.LegendDisplayMode.List)
        .placement(
          spec.hasLegendBeside === true
            ? sdk.common.LegendPlacement.Right
            : sdk.common.LegendPlacement.Bottom,
        ),
    )
    .tooltip(new sdk.common.VizTooltipOptionsBuilder().mode(sdk.common.TooltipDisplayMode.Multi));
  if (spec.min !== undefined) panel.axisSoftMin(spec.min);
  if (spec.max !== undefined) panel.max(spec.max);
  if (spec.leastMax !== undefined) panel.axisSoftMax(spec.leastMax);
  if (spec.limit !== undefined) {
    panel
      .thresholds(limitOf(sdk, spec.limit, "transparent"))
      .thresholdsStyle(
        new sdk.common.GraphThresholdsStyleConfigBuilder().mode(sdk.common.GraphThresholdsStyleMode.Dashed),
      );
  }
  for (const [name, looks] of spec.kind === "forecast" ? FORECAST_LOOKS : []) {
    panel.overrideByRegexp(`/${name}$/`, looks);
  }
  return panel;
}

function plain({ dashboard }: GrafanaSdk): Builder<ThresholdsConfig> {
  return new dashboard.ThresholdsConfigBuilder()
    .mode(dashboard.ThresholdsMode.Absolute)
    .steps([{ value: null, color: "text" }]);
}

/**
 * A limit with the colour of its good side. Grafana draws it as a line in red, also where the bad side is
 * below, if the good side is transparent.
 */
function limitOf(
  { dashboard }: GrafanaSdk,
  limit: NonNullable<PanelSpec["limit"]>,
  good: "green" | "transparent",
): Builder<ThresholdsConfig> {
  const [below, above] = limit.direction === "above" ? [good, "red"] : ["red", good];
  return new dashboard.ThresholdsConfigBuilder().mode(dashboard.ThresholdsMode.Absolute).steps([
    { value: null, color: below as string },
    { value: limit.value, color: above as string },
  ]);
}

function buildQuery({ prometheus }: GrafanaSdk, { kind }: PanelSpec, query: QuerySpec, index: number) {
  const builder = new prometheus.DataqueryBuilder()
    .refId(String.fromCharCode(65 + index))
    .datasource(DATASOURCE)
    .expr(query.expr)
    .legendFormat(query.legend);
  if (kind === "table") builder.format(prometheus.PromQueryFormat.Table);
  return query.isInstant === true ? builder.instant() : builder.range();
}
