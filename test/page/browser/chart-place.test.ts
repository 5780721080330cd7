import { afterEach, expect, it, vi } from "vitest";

interface Place {
  show(detail: undefined, now: number): void;
  scrollWhenShown(): void;
}

/** Not imported by its name: the types of a browser are none of the tests. */
const file: string = "../../../src/page/browser/chart-place.ts";
const { ChartPlace }: { ChartPlace: new () => Place } = await import(file);

vi.mock("../../../src/page/browser/chart.ts", () => ({ SeriesChart: class {} }));
afterEach(() => vi.unstubAllGlobals());

it.for([
  { prefersReducedMotion: true, behavior: "auto" },
  { prefersReducedMotion: false, behavior: "smooth" },
])(
  "scrolls once to a series that is shown: $behavior where reduced motion is preferred: $prefersReducedMotion",
  ({ prefersReducedMotion, behavior }) => {
    const scrollIntoView = vi.fn();
    const matchMedia = (query: string) => ({
      matches: query.includes("reduced-motion") && prefersReducedMotion,
      addEventListener: () => {},
    });
    const querySelector = (selector: string) => (selector === "#detail" ? { scrollIntoView } : null);
    vi.stubGlobal("matchMedia", matchMedia);
    vi.stubGlobal("document", { querySelector });
    const place = new ChartPlace();
    place.show(undefined, 0);
    expect(scrollIntoView).not.toHaveBeenCalled();
    place.scrollWhenShown();
    for (const now of [1, 2]) place.show(undefined, now);
    expect(scrollIntoView.mock.calls).toEqual([[{ behavior, block: "start" }]]);
  },
);
