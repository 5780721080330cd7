import type { PredictedPath } from "../../../core/model.ts";
import { type Axis, niceAxis } from "./nice-axis.ts";

/** A forecast, the values before it and what came after it. */
export interface PlotData {
  readonly past: Float64Array;
  readonly actual: Float64Array;
  readonly path: PredictedPath;
  /** The time of a value, as text. Index 0 is the first value of the past. */
  readonly label: (index: number) => string;
}

/** The drawing is stretched to the width of the screen; lines and texts keep their sizes. */
const SIZE = 1000;

/**
 * One forecast as HTML: an inline SVG with what was observed, the forecast, its intervals and,
 * above them, what came. The labels of the axes are beside it, so that they stay readable on a
 * phone. Colours come from CSS classes.
 */
export function plot(data: PlotData): string {
  const { past, actual, path } = data;
  const length = past.length + path.mean.length;
  const axis = niceAxis([past, actual, path.lower95, path.upper95]);
  const x: Scale = (index) => (SIZE * index) / Math.max(1, length - 1);
  const y: Scale = (value) => SIZE - (SIZE * (value / axis.unit - axis.lower)) / (axis.upper - axis.lower);
  const from = past.length;
  const before = from > 0 ? [past[from - 1] as number] : [];
  const origin = fixed(x(from - 0.5));
  return `<div class="frame"><div class="values">${valueLabels(axis, y)}</div>
<svg viewBox="0 0 ${SIZE} ${SIZE}" preserveAspectRatio="none" role="img" aria-label="observed values, forecast, intervals and what came">
${gridLines(axis, y)}
<path class="band95" d="${band(path.lower95, path.upper95, from, x, y)}"/>
<path class="band80" d="${band(path.lower80, path.upper80, from, x, y)}"/>
<line class="origin" x1="${origin}" x2="${origin}" y1="0" y2="${SIZE}"/>
<path class="observed" d="${line(past, 0, x, y)}"/>
<path class="forecast" d="${line(path.mean, from, x, y)}"/>
<path class="came" d="${line([...before, ...actual], from - before.length, x, y)}"/>
</svg></div>
<div class="times">${timeLabels(data, length)}</div>`;
}

type Scale = (value: number) => number;

function gridLines({ ticks }: Axis, y: Scale): string {
  return ticks
    .map(
      ({ value }) =>
        `<line class="grid" x1="0" x2="${SIZE}" y1="${fixed(y(value))}" y2="${fixed(y(value))}"/>`,
    )
    .join("");
}

function valueLabels({ ticks }: Axis, y: Scale): string {
  return ticks
    .map(({ value, text }) => `<span style="top:${fixed((100 * y(value)) / SIZE)}%">${text}</span>`)
    .join("");
}

/** The first, the middle and the last time; a date and a time of day in two lines. */
function timeLabels({ label }: PlotData, length: number): string {
  return [0, Math.round((length - 1) / 2), length - 1]
    .map((index) => `<span>${label(index).replace(" ", "<br>")}</span>`)
    .join("");
}

/** A line that is interrupted at gaps. A value between two gaps is a dot. */
function line(values: ArrayLike<number>, from: number, x: Scale, y: Scale): string {
  let path = "";
  let isDown = false;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (Number.isFinite(value)) {
      const point = `${fixed(x(from + index))} ${fixed(y(value))}`;
      path += isDown ? `L${point}` : `M${point}h0`;
    }
    isDown = Number.isFinite(value);
  }
  return path;
}

function band(lower: Float64Array, upper: Float64Array, from: number, x: Scale, y: Scale): string {
  const points = (values: Float64Array): string[] =>
    Array.from(values, (value, index) => `${fixed(x(from + index))} ${fixed(y(value))}`);
  return `M${points(upper).join("L")}L${points(lower).reverse().join("L")}Z`;
}

function fixed(coordinate: number): string {
  return coordinate.toFixed(1);
}
