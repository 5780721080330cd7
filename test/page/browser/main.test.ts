import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PageData } from "../../../src/page/view/page-data.ts";
import { parseQuery } from "../../../src/page/view/page-query.ts";

/** Not imported by its name: the types of a browser are none of the tests. */
const file: string = "../../../src/page/browser/main.ts";

/** What the script did, in order, but for what it drew. */
const done: unknown[][] = [];
const drawn: unknown[][] = [];
let listener: { received(data: unknown): void; changed(text: string): void };

vi.mock("../../../src/page/browser/live.ts", () => ({
  Live: class {
    constructor(given: typeof listener) {
      listener = given;
    }
    watch = (query: string) => void done.push(["watch", query]);
    pause = () => void done.push(["pause"]);
  },
}));
vi.mock("../../../src/page/browser/chart-place.ts", () => ({
  ChartPlace: class {
    show = (...given: unknown[]) => void drawn.push(["chart", ...given]);
    scrollWhenShown = () => void done.push(["scroll"]);
  },
}));
vi.mock("../../../src/page/browser/dom.ts", () => ({
  patchChildren: (...given: unknown[]) => void drawn.push(["page", ...given]),
}));
vi.mock("../../../src/page/view/page-view.ts", () => ({ pageView: (...given: unknown[]) => given }));

type Happening = Record<string, unknown>;
const happens = new Map<string, (event: Happening) => void>();
const main = {};
const status = { textContent: "" };
/** The fields of the form; `undefined`: there is no form. */
let fields: Record<string, string> | undefined;
let shown: { title: string; hidden: boolean };
const places: Record<string, unknown> = { main, "#status": status };

/** A field of the form that is written to. */
function fieldOf(selector: string): unknown {
  const name = /^form\.filters \[name=(\w+)\]$/.exec(selector)?.[1];
  const given = fields;
  if (given === undefined || name === undefined || !(name in given)) return null;
  return Object.defineProperty({}, "value", {
    set: (text: string) => Object.assign(given, { [name]: text }),
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.resetModules();
  for (const list of [done, drawn]) list.splice(0);
  fields = { search: "", match: "", sort: "urgency" };
  shown = { title: "", hidden: false };
  vi.stubGlobal(
    "document",
    Object.assign(shown, {
      addEventListener: (name: string, heard: (event: Happening) => void) => void happens.set(name, heard),
      querySelector: (selector: string) => {
        if (selector === "form.filters") return fields ?? null;
        return places[selector] ?? fieldOf(selector);
      },
    }),
  );
  vi.stubGlobal("addEventListener", (name: string, heard: (event: Happening) => void) =>
    happens.set(name, heard),
  );
  vi.stubGlobal(
    "FormData",
    class extends Map<string, string> {
      constructor(form: Record<string, string>) {
        super(Object.entries(form));
      }
    },
  );
  vi.stubGlobal("history", {
    pushState: (...given: unknown[]) => done.push(["push", ...given]),
    replaceState: (...given: unknown[]) => done.push(["replace", ...given]),
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Opens the page at a query. */
async function open(search = ""): Promise<void> {
  at(search);
  await import(file);
}

function at(search: string): void {
  const href = `http://host/sub/${search}`;
  vi.stubGlobal("location", { search, pathname: "/sub/", href });
}

/** What the script does when something happens, and whether the browser does what it usually does. */
function when(name: string, event: Happening = {}): { did: unknown[][]; isUsual: boolean } {
  done.splice(0);
  let isUsual = true;
  happens.get(name)?.({
    ...event,
    preventDefault: () => {
      isUsual = false;
    },
  });
  return { did: done.splice(0), isUsual };
}

const linkTo = (href: string | null) => ({
  target: { closest: (selector: string) => (selector === "a" ? { getAttribute: () => href } : null) },
  button: 0,
});
const typing = { target: { closest: (selector: string) => (selector === "form.filters" ? {} : null) } };
const detail = { id: "1" };
const data = (tone: string) =>
  ({ now: 0, service: "shop", headline: { tone }, detail }) as unknown as PageData;

describe("the page", () => {
  it("watches what its address asks for, and shows what comes", async () => {
    await open("?page=2&sort=name");
    expect(done).toEqual([["watch", "sort=name&page=2"]]);
    listener.received(data("calm"));
    const query = parseQuery("?page=2&sort=name");
    expect(drawn).toEqual([
      ["page", main, [data("calm"), query, expect.anything()]],
      ["chart", detail, 0],
    ]);
    expect(shown.title).toBe("shop – otel-forecast");
    expect(status.textContent).toMatch(/^live · .*\d\d:\d\d:\d\d$/);
    listener.received(data("trouble"));
    expect(shown.title).toBe("▲ shop – otel-forecast");
    listener.changed("paused");
    expect(status.textContent).toBe("paused");
  });

  it("pauses while nobody sees it", async () => {
    await open("?search=a");
    shown.hidden = true;
    expect(when("visibilitychange").did).toEqual([["pause"]]);
    shown.hidden = false;
    expect(when("visibilitychange").did).toEqual([["watch", "search=a"]]);
  });

  it("goes back to what its address asked for before", async () => {
    await open("?search=a");
    at("?match=b&sort=name");
    expect(when("popstate").did).toEqual([["watch", "match=b&sort=name"]]);
    expect(fields).toEqual({ search: "", match: "b", sort: "name" });
    shown.hidden = false;
    expect(when("visibilitychange").did).toEqual([["watch", "match=b&sort=name"]]);
  });
});

describe("a link", () => {
  it.each([
    [
      "?search=b&page=2",
      [
        ["push", null, "", "/sub/?search=b&page=2"],
        ["watch", "search=b&page=2"],
      ],
    ],
    [
      "./",
      [
        ["push", null, "", "/sub/"],
        ["watch", ""],
      ],
    ],
    ["?series=1#detail", [["push", null, "", "/sub/?series=1#detail"], ["watch", "series=1"], ["scroll"]]],
  ])("to %s goes there without another page", async (href, did) => {
    await open("?search=a&sort=name");
    expect(when("click", linkTo(href))).toEqual({ did, isUsual: false });
    expect(fields).toMatchObject({ search: parseQuery(href.split("#")[0] ?? "").search, sort: "urgency" });
    listener.received(data("calm"));
    expect(drawn[0]?.[2]).toMatchObject([{}, parseQuery(new URL(href, "http://host/").search), {}]);
  });

  it.each(["metrics", "api/forecasts", "./metrics", "/?search=b", "https://other/?a", "#headline", null])(
    "to %s is followed as usual",
    async (href) => {
      await open();
      expect(when("click", linkTo(href))).toEqual({ did: [], isUsual: true });
    },
  );

  it.each([{ button: 1 }, { ctrlKey: true }, { metaKey: true }, { shiftKey: true }, { altKey: true }])(
    "is followed as usual with %j",
    async (how) => {
      await open();
      expect(when("click", { ...linkTo("?search=b"), ...how })).toEqual({ did: [], isUsual: true });
    },
  );

  it("is none where a person clicks beside it", async () => {
    await open();
    expect(when("click", { target: { closest: () => null }, button: 0 })).toEqual({ did: [], isUsual: true });
  });
});

describe("the form", () => {
  it("shows what is submitted, from its first page on, also if it is the same again", async () => {
    await open("?page=3&series=7");
    fields = { search: "a", match: "b", sort: "name" };
    const text = "search=a&match=b&sort=name&series=7";
    const did = [
      ["push", null, "", `/sub/?${text}`],
      ["watch", text],
    ];
    expect(when("submit")).toEqual({ did, isUsual: false });
    expect(when("submit")).toEqual({ did, isUsual: false });
  });

  it("shows what is typed after a pause, once, and only if it selects something else", async () => {
    await open("?page=3");
    fields = { search: "a", match: "", sort: "urgency" };
    expect(when("input", typing).did).toEqual([]);
    vi.advanceTimersByTime(299);
    expect(when("input", typing).did).toEqual([]);
    vi.advanceTimersByTime(299);
    expect(done).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(done.splice(0)).toEqual([
      ["replace", null, "", "/sub/?search=a"],
      ["watch", "search=a"],
    ]);
    when("input", typing);
    vi.advanceTimersByTime(10_000);
    expect(done).toEqual([]);
  });

  it("stays on its page while what is typed selects the same", async () => {
    await open("?page=3");
    when("input", typing);
    vi.advanceTimersByTime(10_000);
    expect(done).toEqual([]);
  });

  it("is submitted once if that is faster than the pause", async () => {
    await open();
    fields = { search: "a", match: "", sort: "urgency" };
    when("input", typing);
    expect(when("submit").did).toHaveLength(2);
    vi.advanceTimersByTime(10_000);
    expect(done).toEqual([]);
  });

  it("is none where a person types elsewhere, or where it has gone", async () => {
    await open();
    when("input", { target: { closest: () => null } });
    vi.advanceTimersByTime(10_000);
    fields = undefined;
    when("input", typing);
    vi.advanceTimersByTime(10_000);
    expect(when("submit").did).toEqual([]);
    expect(when("popstate").did).toEqual([["watch", ""]]);
  });

  it("counts a field that it does not have as empty", async () => {
    await open();
    fields = { search: "a" };
    expect(when("submit").did).toEqual([
      ["push", null, "", "/sub/?search=a"],
      ["watch", "search=a"],
    ]);
  });
});
