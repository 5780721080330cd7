import type { SeriesDetail } from "../../status/answers.ts";
import { SeriesChart } from "./chart.ts";
import { OWNED } from "./dom.ts";

/** The place of the chart on the page: it holds the chart of the series that is open. */
export class ChartPlace {
  #chart: SeriesChart | undefined;
  #place: Element | undefined;
  #detail: SeriesDetail | undefined;
  #isToScroll = false;

  constructor() {
    // The chart is drawn on a canvas, which does not follow the style of the page.
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#draw());
  }

  /** Shows a series; `undefined`: none is open. */
  show(detail: SeriesDetail | undefined, now: number): void {
    this.#detail = detail;
    const place = document.querySelector(".chart") ?? undefined;
    if (this.#chart !== undefined && place !== undefined && place === this.#place && detail !== undefined) {
      this.#chart.update(detail, now);
    } else {
      this.#place = place;
      this.#draw();
    }
    if (!this.#isToScroll) return;
    this.#isToScroll = false;
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    document.querySelector("#detail")?.scrollIntoView({ behavior, block: "start" });
  }

  /** Scrolls to the series when it is there. */
  scrollWhenShown(): void {
    this.#isToScroll = true;
  }

  #draw(): void {
    this.#chart?.remove();
    this.#chart = undefined;
    if (this.#place === undefined || this.#detail === undefined) return;
    this.#place.setAttribute(OWNED, "");
    this.#place.replaceChildren();
    this.#chart = new SeriesChart(this.#place as HTMLElement, this.#detail);
  }
}
