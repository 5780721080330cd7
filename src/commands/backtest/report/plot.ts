import type { PredictedPath } from "../../../core/model.ts";
import { type Axis, niceAxis } from "./nice-axis.ts";

/** A forecast, the values before it and the actual values. */
export interface PlotData {
  readonly past: Float64Array;
  readonly actual: Float64Array;
  readonly path: PredictedPath;
  /** The time of a value, as text. Index 0 is the first value of the past. */
  readonly label: (index: number) => string;
}

const SIZE = { width: 960, height: 300, left: 70, right: 12, top: 12, bottom: 28 };
const TIME_LABELS = 5;

/**
 * One forecast as inline SVG: observed values, forecast and intervals. Colours come from CSS
 * classes.
 */
export function plot(data: PlotData): string {
  const { past, actual, path } = data;
  const length = past.length + path.mean.length;
  const axis = niceAxis([past, actual, path.lower95, path.upper95]);
  const x = (index: number): number =>
    SIZE.left + ((SIZE.width - SIZE.left - SIZE.right) * index) / Math.max(1, length - 1);
  const y = (value: number): number => {
    const share = (value / axis.unit - axis.lower) / (axis.upper - axis.lower);
    return SIZE.height - SIZE.bottom - (SIZE.height - SIZE.top - SIZE.bottom) * share;
  };
  const from = past.length;
  return [
    `<svg viewBox="0 0 ${SIZE.width} ${SIZE.height}" role="img" aria-label="observed values, forecast and intervals">`,
    ...gridLines(axis, y),
    ...timeLabels(data, length, x),
    `<path class="band95" d="${band(path.lower95, path.upper95, from, x, y)}"/>`,
    `<path class="band80" d="${band(path.lower80, path.upper80, from, x, y)}"/>`,
    `<path class="observed" d="${line([...past, ...actual], 0, x, y)}"/>`,
    `<path class="forecast" d="${line(path.mean, from, x, y)}"/>`,
    `<line class="origin" x1="${fixed(x(from - 0.5))}" x2="${fixed(x(from - 0.5))}" y1="${SIZE.top}" y2="${SIZE.height - SIZE.bottom}"/>`,
    "</svg>",
  ].join("\n");
}

type Scale = (value: number) => number;

function gridLines(axis: Axis, y: Scale): string[] {
  return axis.ticks.map(({ value, text }) => {
    const height = fixed(y(value));
    return `<line class="grid" x1="${SIZE.left}" x2="${SIZE.width - SIZE.right}" y1="${height}" y2="${height}"/><text x="${SIZE.left - 6}" y="${height}" text-anchor="end" dominant-baseline="middle">${text}</text>`;
  });
}

function timeLabels({ label }: PlotData, length: number, x: Scale): string[] {
  return Array.from({ length: TIME_LABELS }, (_, index) => {
    const at = Math.round(((length - 1) * index) / (TIME_LABELS - 1));
    const anchor = index === 0 ? "start" : index === TIME_LABELS - 1 ? "end" : "middle";
    return `<text x="${fixed(x(at))}" y="${SIZE.height - 8}" text-anchor="${anchor}">${label(at)}</text>`;
  });
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
