import uPlot from "uplot";
import type { DrawnLine, DrawnLines } from "../drawn.ts";
import { axisLabels } from "./units.ts";

const FONT = "12px system-ui, sans-serif";
const GRID = { stroke: "rgba(36, 41, 46, 0.08)", width: 1 };
const POWERS_OF_2 = Array.from({ length: 50 }, (_, power) => 2 ** power);
/** The share of its range by which an axis is longer than the values. */
const PADDING = 0.1;

/** The options and the data of a chart that fills a space. */
export function chartOf(content: DrawnLines, space: HTMLElement): [uPlot.Options, uPlot.AlignedData] {
  const { times, lines, unit } = content;
  const options: uPlot.Options = {
    width: space.clientWidth,
    height: space.clientHeight,
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (_, lowest, highest) => rangeOf(content, lowest, highest) } },
    axes: [
      {
        font: FONT,
        grid: GRID,
        ticks: { show: false },
        size: 24,
        space: 70,
        values: (_, ticks) => ticks.map(clockTime),
      },
      {
        font: FONT,
        grid: GRID,
        ticks: { show: false },
        values: (_, ticks) => axisLabels(unit, ticks),
        ...(unit === "bytes" ? { incrs: POWERS_OF_2 } : {}),
        size: (_, labels) => 16 + 6 * Math.max(3, ...(labels ?? []).map((label) => label.length)),
      },
    ],
    series: [{}, ...lines.map(seriesOf)],
    bands: lines.flatMap(({ fillTo, color, fill }, index) => {
      const end = lines.findIndex(({ name }) => name === fillTo);
      return end < 0 ? [] : [{ series: [index + 1, end + 1] as [number, number], fill: faded(color, fill) }];
    }),
    hooks: { draw: [(chart) => drawLimits(chart, content)] },
  };
  return [options, [times.slice(), ...lines.map(({ values }) => values.slice())] as uPlot.AlignedData];
}

/** As Grafana has it: 10 % more than the values, with soft limits that grow and hard ones that do not. */
function rangeOf(
  { min, max, softMin, softMax }: DrawnLines,
  lowest: number | null,
  highest: number | null,
): [number, number] {
  const [low, high] = uPlot.rangeNum(lowest ?? 0, highest ?? 1, {
    min: { pad: PADDING, soft: softMin ?? 0, mode: softMin === undefined ? 3 : 1 },
    max: { pad: PADDING, soft: softMax ?? 0, mode: softMax === undefined ? 3 : 1 },
  });
  return [min ?? low ?? 0, max ?? high ?? 1];
}

function clockTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(11, 19);
}

function seriesOf({ name, color, width, dash, fill, fillTo }: DrawnLine): uPlot.Series {
  return {
    label: name,
    stroke: color,
    width,
    dash: [...dash],
    points: { show: false },
    ...(fill > 0 && fillTo === undefined ? { fill: faded(color, fill) } : {}),
  };
}

function drawLimits({ ctx, bbox, scales, valToPos }: uPlot, { limits }: DrawnLines): void {
  const { min = 0, max = 0 } = scales.y as { min?: number; max?: number };
  ctx.save();
  ctx.lineWidth = 2;
  ctx.setLineDash([10, 10]);
  ctx.globalAlpha = 0.7;
  for (const { value, color } of limits) {
    if (value < min || value > max) continue;
    const y = valToPos(value, "y", true);
    line(ctx, color, [bbox.left, y], [bbox.left + bbox.width, y]);
  }
  ctx.restore();
}

function line(
  ctx: CanvasRenderingContext2D,
  color: string,
  from: readonly [number, number],
  to: readonly [number, number],
): void {
  ctx.strokeStyle = color;
  ctx.beginPath();
  ctx.moveTo(...from);
  ctx.lineTo(...to);
  ctx.stroke();
}

function faded(color: string, share: number): string {
  return `${color}${Math.round(share * 255)
    .toString(16)
    .padStart(2, "0")}`;
}
