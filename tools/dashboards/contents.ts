import { writerOf } from "./browser/units.ts";
import type { Panel, Target } from "./dashboard.ts";
import type { DrawnFigure, DrawnLine, DrawnLines, DrawnPanel, DrawnTable } from "./drawn.ts";
import { type Field, fieldOf, figureColor, limitLines, lineColor, mappedText } from "./fields.ts";
import type { PrometheusApi, Range, Series } from "./prometheus-api.ts";
import { tableOf } from "./table.ts";
import { withValues } from "./variables.ts";

/** What a panel is filled from. */
export interface Source {
  readonly api: PrometheusApi;
  readonly range: Range;
  readonly now: number;
  /** The values of the variables in queries, and what a person sees of them. */
  readonly values: Readonly<Record<string, string>>;
  readonly texts: Readonly<Record<string, string>>;
}

/** Asks for everything that a panel shows. */
export async function filled(panel: Panel, source: Source): Promise<DrawnPanel> {
  const { title = "", description = "", gridPos } = panel;
  return {
    title: withValues(title, source.texts),
    description: withValues(description, source.texts),
    place: gridPos,
    content: await contentOf(panel, source),
  };
}

function contentOf(panel: Panel, source: Source): Promise<DrawnPanel["content"]> | DrawnPanel["content"] {
  switch (panel.type) {
    case "row":
      return { kind: "row" };
    case "stat":
      return figuresOf(panel, source);
    case "table":
      return tableIn(panel, source);
    case "timeseries":
      return linesOf(panel, source);
    default:
      throw new Error(`the panel "${panel.title}" is a ${panel.type}`);
  }
}

async function figuresOf(panel: Panel, source: Source): Promise<DrawnFigure> {
  const found = await Promise.all((panel.targets ?? []).map((target) => asked(target, source)));
  const figures = found.flat().flatMap(({ name, points }) => {
    const value = points.at(-1)?.[1];
    if (value === undefined || Number.isNaN(value)) return [];
    const field = fieldOf(panel, name);
    return [{ text: textOf(field, value), color: figureColor(field, value) }];
  });
  return { kind: "figure", figures };
}

async function tableIn(panel: Panel, source: Source): Promise<DrawnTable> {
  const [target, ...others] = panel.targets ?? [];
  if (target === undefined || others.length > 0 || target.format !== "table")
    throw new Error(`the table "${panel.title}" has not one query of the format table`);
  const { columns, rows } = tableOf(await asked(target, source), panel.transformations);
  return {
    kind: "table",
    columns,
    rows: rows.map((row) =>
      row.map((cell, at) =>
        typeof cell === "string" ? cell : textOf(fieldOf(panel, columns[at] as string), cell),
      ),
    ),
  };
}

async function linesOf(panel: Panel, source: Source): Promise<DrawnLines> {
  const { range } = source;
  const found = await Promise.all((panel.targets ?? []).map((target) => asked(target, source)));
  const field = fieldOf(panel, "");
  const { axisSoftMin, axisSoftMax } = field.custom;
  const count = Math.floor((range.end - range.start) / range.step) + 1;
  return {
    kind: "lines",
    times: Array.from({ length: count }, (_, index) => range.start + index * range.step),
    lines: found.flat().map((series, place) => lineOf(panel, series, place, range, count)),
    unit: field.unit ?? "short",
    hasLegendBeside: panel.options?.legend?.placement === "right",
    limits: limitLines(field),
    ...(field.min === undefined ? {} : { min: field.min }),
    ...(field.max === undefined ? {} : { max: field.max }),
    ...(axisSoftMin === undefined ? {} : { softMin: axisSoftMin }),
    ...(axisSoftMax === undefined ? {} : { softMax: axisSoftMax }),
  };
}

function lineOf(
  panel: Panel,
  { name, points }: Named,
  place: number,
  { start, step }: Range,
  count: number,
): DrawnLine {
  const field = fieldOf(panel, name);
  const { lineWidth = 1, lineStyle, fillOpacity = 0, fillBelowTo, hideFrom } = field.custom;
  const values = new Array<number | null>(count).fill(null);
  for (const [at, value] of points)
    if (Number.isFinite(value)) values[Math.round((at - start) / step)] = value;
  return {
    name,
    values,
    color: lineColor(field, place),
    width: lineWidth,
    dash: lineStyle?.dash ?? [],
    isInLegend: hideFrom?.legend !== true,
    fill: fillOpacity / 100,
    ...(fillBelowTo === undefined ? {} : { fillTo: fillBelowTo }),
  };
}

/** A series with the name that the legend gives it. */
type Named = Series & { readonly name: string };

async function asked({ expr, instant, legendFormat }: Target, source: Source): Promise<Named[]> {
  const { api, range, now, values } = source;
  const query = withValues(expr, values);
  const found = await (instant === true ? api.instant(query, now) : api.range(query, range));
  return found.map((series) => ({ ...series, name: legendOf(legendFormat, series) }));
}

function legendOf(format: string | undefined, { labels }: Series): string {
  if (format === undefined) return JSON.stringify(labels);
  return format.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? "");
}

function textOf(field: Field, value: number): string {
  return mappedText(field, value) ?? writerOf(field.unit ?? "short")(value, field.decimals);
}
