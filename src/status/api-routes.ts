import type { IncomingMessage, ServerResponse } from "node:http";
import type { Route } from "../prometheus/answers.ts";
import type { SortOrder } from "./answers.ts";
import { fitting } from "./fitting.ts";
import { BadSelector } from "./label-condition.ts";
import type { StatusReader } from "./status-reader.ts";

const READING = ["GET", "HEAD"];
const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 1000;
const MAX_RECENT = 100;
/** The path of one series; its id follows. */
const SERIES_PATH = "/api/series/";
const LIST_PARAMETERS = ["match", "search", "sort", "limit", "offset", "recent"];
/** How much of the name of a wrong parameter is shown, in characters. */
const NAME_LENGTH = 60;

/** An answer, before it is written. */
interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * The read API: `/api/forecasts`, `/api/series/ID` and `/api/alerts`. All answers are JSON; an error
 * is `{"error": TEXT}`.
 */
export function apiRoutes(reader: StatusReader): Map<string, Route> {
  return new Map([
    ["/api/forecasts", reading((query) => listOf(reader, query), LIST_PARAMETERS)],
    [
      SERIES_PATH,
      reading(async (_, path) => {
        const found = await reader.series(decoded(path.slice(SERIES_PATH.length)));
        return found === undefined ? refusal(404, "there is no series with this id") : accepted(found);
      }),
    ],
    ["/api/alerts", reading(async () => accepted({ alerts: await reader.alerts() }))],
  ]);
}

async function listOf(reader: StatusReader, query: URLSearchParams): Promise<Answer> {
  try {
    const request = {
      match: query.get("match") ?? undefined,
      search: query.get("search") ?? undefined,
      sort: sortIn(query),
      limit: wholeNumber(query, "limit", { least: 1, most: MAX_LIMIT }) ?? DEFAULT_LIMIT,
      offset: wholeNumber(query, "offset", { least: 0, most: Number.MAX_SAFE_INTEGER }),
      recent: wholeNumber(query, "recent", { least: 0, most: MAX_RECENT }),
    };
    return accepted(fitting(await reader.forecasts(request)));
  } catch (error) {
    if (error instanceof BadSelector || error instanceof RangeError) return refusal(400, error.message);
    throw error;
  }
}

/** @throws RangeError if the parameter is given and is no whole number in its range. */
function wholeNumber(
  query: URLSearchParams,
  name: string,
  { least, most }: { readonly least: number; readonly most: number },
): number | undefined {
  const given = query.get(name);
  if (given === null) return undefined;
  const number = Number(given);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new RangeError(`${name} must be a whole number from ${least} to ${most}, got ${given}`);
}

/** @throws RangeError if it is no known order. */
function sortIn(query: URLSearchParams): SortOrder | undefined {
  const given = query.get("sort");
  if (given === null || given === "urgency" || given === "name") return given ?? undefined;
  throw new RangeError(`sort must be urgency or name, got ${given}`);
}

/** What is wrong with the names of parameters; `undefined` if nothing is. */
function mistakeIn(query: URLSearchParams, known: readonly string[]): string | undefined {
  const expected = known.length === 0 ? "this path has none" : `expected ${known.join(", ")}`;
  for (const name of new Set(query.keys())) {
    if (!known.includes(name)) return `unknown parameter "${name.slice(0, NAME_LENGTH)}"; ${expected}`;
    if (query.getAll(name).length > 1) return `${name} is given more than once`;
  }
  return undefined;
}

/** @param parameters the names of those that the path has. */
function reading(
  answer: (query: URLSearchParams, path: string) => Promise<Answer>,
  parameters: readonly string[] = [],
): Route {
  return {
    methods: READING,
    answer: async (request: IncomingMessage, response: ServerResponse) => {
      const url = new URL(request.url ?? "/", "http://localhost");
      const mistake = mistakeIn(url.searchParams, parameters);
      write(
        response,
        mistake === undefined ? await answer(url.searchParams, url.pathname) : refusal(400, mistake),
      );
    },
  };
}

function write(response: ServerResponse, { status, body }: Answer): void {
  const text = `${JSON.stringify(body)}\n`;
  response.statusCode = status;
  response.setHeader("content-type", "application/json; charset=utf-8");
  response.setHeader("cache-control", "no-store");
  response.setHeader("x-content-type-options", "nosniff");
  response.setHeader("content-length", Buffer.byteLength(text));
  response.end(text);
}

function accepted(body: unknown): Answer {
  return { status: 200, body };
}

function refusal(status: number, error: string): Answer {
  return { status, body: { error } };
}

/** The text of a part of a path; a part that can't be decoded is no id. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}
