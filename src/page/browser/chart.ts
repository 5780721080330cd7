import uPlot from "uplot";
import type { SeriesDetail } from "../../status/answers.ts";
import { valueText } from "../view/texts.ts";
import { type ChartRows, chartRows, readingAt } from "./chart-data.ts";
import { localTimes } from "./times.ts";

const TALL = 300;
const LOW = 220;
/** Below this width, the chart is lower. */
const NARROW = 560;
const DAY_SECONDS = 86_400;
/** A threshold farther from the values than this many times their range would flatten them. */
const FARTHEST = 2;
/** How far the keys for pages move the cursor, in points. */
const FAR = 10;

/** A chart of one series, with a cursor that the keyboard moves and a screen reader speaks. */
export class SeriesChart {
  readonly #place: HTMLElement;
  readonly #plot: uPlot;
  readonly #resizing: ResizeObserver;
  #detail: SeriesDetail;
  #rows: ChartRows;
  #now: number;
  #cursor: number | undefined;

  constructor(place: HTMLElement, detail: SeriesDetail) {
    this.#place = place;
    this.#detail = detail;
    this.#rows = chartRows(detail);
    this.#now = (detail.at ?? detail.past.endsAt) / 1000;
    place.tabIndex = 0;
    place.setAttribute("role", "group");
    place.setAttribute("aria-label", "Chart. Arrow keys move through its times.");
    this.#plot = new uPlot(this.#options(), dataOf(this.#rows), place);
    this.#resizing = new ResizeObserver(() => this.#plot.setSize(this.#size()));
    this.#resizing.observe(place);
    place.addEventListener("keydown", this.#onKey);
  }

  /** Shows newer data of the same series. */
  update(detail: SeriesDetail, now: number): void {
    this.#detail = detail;
    this.#rows = chartRows(detail);
    this.#now = now / 1000;
    this.#plot.setData(dataOf(this.#rows));
  }

  remove(): void {
    this.#place.removeEventListener("keydown", this.#onKey);
    this.#resizing.disconnect();
    this.#plot.destroy();
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const last = this.#rows.times.length - 1;
    const present = this.#rows.times.findLastIndex((time) => time <= this.#now);
    const from = this.#cursor ?? present;
    const to: Readonly<Record<string, number>> = {
      ArrowLeft: from - 1,
      ArrowRight: from + 1,
      PageUp: from - FAR,
      PageDown: from + FAR,
      Home: 0,
      End: last,
    };
    const wanted = to[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    const index = Math.min(last, Math.max(0, wanted));
    this.#plot.setCursor({ left: this.#plot.valToPos(this.#rows.times[index] ?? 0, "x"), top: -1 }, false);
    this.#read(index);
  };

  #read(index: number | undefined): void {
    this.#cursor = index;
    const readout = this.#place.parentElement?.querySelector(".readout");
    if (readout === null || readout === undefined) return;
    readout.textContent =
      index === undefined
        ? ""
        : readingAt(this.#rows, index, {
            time: (seconds) => localTimes.exact(seconds * 1000),
            value: (value) => this.#text(value),
          });
  }

  #text(value: number): string {
    return valueText(this.#detail, value);
  }

  #size(): { width: number; height: number } {
    const width = this.#place.clientWidth;
    return { width, height: width < NARROW ? LOW : TALL };
  }

  #options(): uPlot.Options {
    const colour = coloursOf(this.#place);
    const axis = {
      stroke: colour("--quiet"),
      grid: { stroke: colour("--line"), width: 1 },
      ticks: { stroke: colour("--line"), width: 1 },
      font: "12px system-ui, sans-serif",
    };
    return {
      ...this.#size(),
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
      scales: { x: { time: true }, y: { range: (_, low, high) => this.#range(low, high) } },
      axes: [
        { ...axis, values: (_, times) => times.map((time) => tickText(time, this.#rows.times)) },
        { ...axis, size: 72, values: (_, values) => values.map((value) => this.#text(value)) },
      ],
      series: [
        {},
        {
          label: "before",
          stroke: colour("--before"),
          width: 1.5,
          dash: [2, 4],
          spanGaps: true,
          points: { show: false },
        },
        { label: "upper", stroke: "transparent", width: 0, spanGaps: true, points: { show: false } },
        { label: "lower", stroke: "transparent", width: 0, spanGaps: true, points: { show: false } },
        { label: "observed", stroke: colour("--observed"), width: 2, points: { show: false } },
        {
          label: "forecast",
          stroke: colour("--predicted"),
          width: 2,
          dash: [7, 4],
          spanGaps: true,
          points: { show: false },
        },
      ],
      bands: [{ series: [2, 3], fill: colour("--band") }],
      hooks: {
        draw: [(plot) => this.#drawLines(plot, colour)],
        setCursor: [
          (plot) => {
            if (plot.cursor.event !== undefined && plot.cursor.event !== null)
              this.#read(plot.cursor.idx ?? undefined);
          },
        ],
      },
    };
  }

  /** The values with a margin, and the threshold if it is near. */
  #range(low: number | null, high: number | null): [number, number] {
    let [least, most] = [low ?? 0, high ?? 1];
    const range = most - least || Math.abs(most) || 1;
    const limit = this.#detail.threshold?.value ?? Number.NaN;
    if (limit >= least - FARTHEST * range && limit <= most + FARTHEST * range)
      [least, most] = [Math.min(least, limit), Math.max(most, limit)];
    const margin = 0.06 * (most - least || Math.abs(most) || 1);
    const isFromZero = least >= 0 && least - margin < 0;
    return [isFromZero ? 0 : least - margin, most + margin];
  }

  /** The present and the threshold, each with its name. */
  #drawLines(plot: uPlot, colour: (name: string) => string): void {
    const { ctx, bbox } = plot;
    const ratio = devicePixelRatio;
    const draw = (name: string, dash: number[], from: [number, number], to: [number, number]): void => {
      ctx.save();
      ctx.strokeStyle = colour(name);
      ctx.lineWidth = 1.5 * ratio;
      ctx.setLineDash(dash.map((part) => part * ratio));
      ctx.beginPath();
      ctx.moveTo(...from);
      ctx.lineTo(...to);
      ctx.stroke();
      ctx.restore();
    };
    const label = (text: string, name: string, x: number, y: number, align: CanvasTextAlign): void => {
      ctx.save();
      ctx.fillStyle = colour(name);
      ctx.font = `${12 * ratio}px system-ui, sans-serif`;
      ctx.textAlign = align;
      ctx.fillText(text, x, y);
      ctx.restore();
    };
    const x = plot.valToPos(this.#now, "x", true);
    if (x >= bbox.left && x <= bbox.left + bbox.width) {
      draw("--quiet", [1, 3], [x, bbox.top], [x, bbox.top + bbox.height]);
      label("now", "--quiet", x - 5 * ratio, bbox.top + 12 * ratio, "right");
    }
    const { threshold } = this.#detail;
    if (threshold === undefined) return;
    const y = plot.valToPos(threshold.value, "y", true);
    if (y < bbox.top || y > bbox.top + bbox.height) return;
    draw("--limit", [12, 5], [bbox.left, y], [bbox.left + bbox.width, y]);
    const isHigh = y > bbox.top + 18 * ratio;
    const text = `threshold ${threshold.direction} ${this.#text(threshold.value)}`;
    label(text, "--limit", bbox.left + 6 * ratio, y + (isHigh ? -5 : 14) * ratio, "left");
  }
}

function dataOf({ times, before, upper, lower, observed, predicted }: ChartRows): uPlot.AlignedData {
  return [times, before, upper, lower, observed, predicted] as unknown as uPlot.AlignedData;
}

/** The colours of the page, by the names of their variables. */
function coloursOf(place: HTMLElement): (name: string) => string {
  const style = getComputedStyle(place);
  return (name) => style.getPropertyValue(name).trim();
}

function tickText(seconds: number, times: readonly number[]): string {
  const span = (times.at(-1) ?? 0) - (times[0] ?? 0);
  const millis = seconds * 1000;
  return span > 2 * DAY_SECONDS || seconds % 60 === 0
    ? localTimes.timeOfDay(millis)
    : localTimes.exact(millis);
}
