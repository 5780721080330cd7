import { afterEach, expect, it, vi } from "vitest";

interface Place {
  show(detail: object | undefined, now: number): void;
  scrollWhenShown(): void;
}

/** Not imported by its name: the types of a browser are none of the tests. */
const file: string = "../../../src/page/browser/chart-place.ts";
const { ChartPlace }: { ChartPlace: new () => Place } = await import(file);

/** What was done with charts. */
const done: unknown[][] = [];
vi.mock("../../../src/page/browser/chart.ts", () => ({
  SeriesChart: class {
    constructor(...given: unknown[]) {
      done.push(["drawn", ...given]);
    }
    update = (...given: unknown[]) => void done.push(["updated", ...given]);
    remove = () => void done.push(["removed"]);
  },
}));
afterEach(() => {
  vi.unstubAllGlobals();
  done.splice(0);
});

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

it("draws a series where its place is new, or the colours are, and else updates it", () => {
  const placeOf = (name: string) => ({
    name,
    setAttribute: (...given: unknown[]) => void done.push([name, ...given]),
    replaceChildren: () => void done.push([name, "is empty"]),
  });
  let at: ReturnType<typeof placeOf> | null = placeOf("first");
  const schemes = new Map<string, () => void>();
  vi.stubGlobal("matchMedia", (query: string) => ({
    addEventListener: (name: string, heard: () => void) => schemes.set(`${query} ${name}`, heard),
  }));
  vi.stubGlobal("document", { querySelector: (selector: string) => (selector === ".chart" ? at : null) });
  const place = new ChartPlace();
  const did = (): unknown[][] => done.splice(0);
  const drawnIn = (where: object | null, name: string, detail: object) => [
    [name, "data-owned", ""],
    [name, "is empty"],
    ["drawn", where, detail],
  ];
  const changeColours = () => schemes.get("(prefers-color-scheme: dark) change")?.();
  const [a, b] = [{ id: "a" }, { id: "b" }];

  changeColours();
  expect(did()).toEqual([]);
  place.show(a, 1);
  expect(did()).toEqual(drawnIn(at, "first", a));
  place.show(b, 2);
  expect(did()).toEqual([["updated", b, 2]]);
  changeColours();
  expect(did()).toEqual([["removed"], ...drawnIn(at, "first", b)]);
  at = placeOf("second");
  place.show(b, 3);
  expect(did()).toEqual([["removed"], ...drawnIn(at, "second", b)]);
  place.show(undefined, 4);
  expect(did()).toEqual([["removed"]]);
  place.show(undefined, 5);
  expect(did()).toEqual([]);
  place.show(a, 6);
  expect(did()).toEqual(drawnIn(at, "second", a));
  at = null;
  place.show(a, 7);
  expect(did()).toEqual([["removed"]]);
  place.show(a, 8);
  changeColours();
  expect(did()).toEqual([]);
});
