/** How many series a page lists. */
export const PAGE_LENGTH = 50;
/** Nobody turns more pages than this; what is asked for beyond is the last one. */
const MOST_PAGES = 1_000_000;
/** The longest text that is searched for. */
const MOST_CHARACTERS = 1000;

/** What a person looks at: it is the query of the address. */
export interface PageQuery {
  /** A text that the name or a label of a series contains. */
  readonly search: string;
  /** A selector of series, as in PromQL. */
  readonly match: string;
  readonly sort: "urgency" | "name";
  /** The first page is 1. */
  readonly page: number;
  /** The id of the series that is open; empty: the most urgent. */
  readonly series: string;
}

const NOTHING_ASKED: PageQuery = { search: "", match: "", sort: "urgency", page: 1, series: "" };

/** Reads the query of an address. What can't be used counts as not given. */
export function parseQuery(text: string): PageQuery {
  const given = new URLSearchParams(text);
  const short = (name: string): string => (given.get(name) ?? "").trim().slice(0, MOST_CHARACTERS);
  const page = Number(given.get("page") ?? 1);
  return {
    search: short("search"),
    match: short("match"),
    sort: given.get("sort") === "name" ? "name" : "urgency",
    page: Number.isInteger(page) && page >= 1 ? Math.min(page, MOST_PAGES) : 1,
    series: short("series"),
  };
}

/** The query as text, without what is usual; empty if all is. */
export function queryText(query: PageQuery): string {
  const text = new URLSearchParams();
  for (const name of ["search", "match", "sort", "page", "series"] as const)
    if (query[name] !== NOTHING_ASKED[name]) text.set(name, String(query[name]));
  return text.toString();
}

/** The address of the page with a change of the query, relative to the page. */
export function linkTo(query: PageQuery, change: Partial<PageQuery>): string {
  const text = queryText({ ...query, ...change });
  return text === "" ? "./" : `?${text}`;
}
