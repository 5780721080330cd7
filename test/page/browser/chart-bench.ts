import { afterEach, beforeEach, vi } from "vitest";
import type { SeriesDetail } from "../../../src/status/answers.ts";

export interface Chart {
  update(detail: SeriesDetail, now: number): void;
  remove(): void;
}

/** What the chart gives to uPlot, as far as the tests look at it. */
interface Options {
  readonly width: number;
  readonly height: number;
  readonly scales: { readonly y: { range(plot: null, low: number | null, high: number | null): number[] } };
  readonly axes: readonly { values(plot: null, given: number[]): string[]; stroke: string }[];
  readonly series: readonly { readonly label?: string; readonly stroke?: string }[];
  readonly hooks: {
    readonly draw: ((plot: object) => void)[];
    readonly setCursor: ((plot: object) => void)[];
  };
}

/** A chart and what it stands in, of which the tests need much less than a browser has. */
export const bench = {
  options: {} as Options,
  /** The data that the plot began with, and its place. */
  given: [] as unknown[],
  /** What was done with the plot since. */
  done: [] as unknown[][],
  readout: { textContent: "" },
  place: {} as Record<string, unknown>,
  happens: new Map<string, (event: object) => void>(),
  resized: () => {},
};

/** In place of uPlot. */
export class StandInPlot {
  constructor(options: Options, data: unknown, place: unknown) {
    bench.options = options;
    bench.given = [data, place];
  }
  setData = (data: unknown) => void bench.done.push(["data", data]);
  setSize = (size: unknown) => void bench.done.push(["size", size]);
  setCursor = (...given: unknown[]) => void bench.done.push(["cursor", ...given]);
  destroy = () => void bench.done.push(["destroyed"]);
  valToPos = (value: number, scale: string) => `${value} on ${scale}`;
}

/** Gives each test a browser of its own, whose pixels are half as wide as those of the page. */
export function useBench(): void {
  beforeEach(() => {
    const { done, happens, readout } = bench;
    done.splice(0);
    readout.textContent = "";
    const place: Record<string, unknown> = {
      clientWidth: 560,
      setAttribute: (name: string, text: string) => Object.assign(place, { [name]: text }),
      addEventListener: (name: string, heard: (event: object) => void) => happens.set(name, heard),
      removeEventListener: (name: string, heard: unknown) =>
        happens.get(name) === heard && happens.delete(name),
      parentElement: { querySelector: (selector: string) => (selector === ".readout" ? readout : null) },
    };
    bench.place = place;
    vi.stubGlobal("getComputedStyle", () => ({ getPropertyValue: (name: string) => ` of${name} ` }));
    vi.stubGlobal("devicePixelRatio", 2);
    vi.stubGlobal(
      "ResizeObserver",
      class {
        constructor(heard: () => void) {
          bench.resized = heard;
        }
        observe = (given: unknown) => void done.push(["observed", given === place]);
        disconnect = () => void done.push(["disconnected"]);
      },
    );
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });
}

/** Seconds 100 to 150 in the past, 160 to 180 in the forecast; now is 150. */
export const detail: SeriesDetail = {
  id: "1",
  metric: "queue_size",
  labels: {},
  unit: "",
  state: "ready",
  at: 150_000,
  value: 6,
  horizons: [],
  past: { stepSeconds: 10, endsAt: 150_000, values: [1, 2, 3, 4, 5, 6] },
  path: [160_000, 170_000, 180_000].map((at, index) => ({
    at,
    predicted: 7 + index,
    lower: 6 + index,
    upper: 8 + index,
  })),
  quality: [],
  before: [],
};

/** Not imported by its name: the types of a browser are none of the tests. */
const file: string = "../../../src/page/browser/chart.ts";

export async function drawer(): Promise<(given?: SeriesDetail) => Chart> {
  const { SeriesChart }: { SeriesChart: new (place: unknown, detail: SeriesDetail) => Chart } = await import(
    file
  );
  return (given = detail) => new SeriesChart(bench.place, given);
}
