import type { AlertStatus, ForecastList, ListRequest, SeriesStatus } from "../status/answers.ts";
import { fitting } from "../status/fitting.ts";
import { firstInTrouble, headlineOf } from "../status/headline.ts";
import { BadSelector } from "../status/label-condition.ts";
import type { StatusReader } from "../status/status-reader.ts";
import { AGENT_MEASURES } from "./view/agents-view.ts";
import type { Headline, PageData, ShownAgent, ShownAlert } from "./view/page-data.ts";
import { PAGE_LENGTH, type PageQuery } from "./view/page-query.ts";

const MOST_AGENTS = 20;
const MOST_ALERTS = 50;
/** How many values a small picture has, and how many digits each. */
const RECENT = 48;
const DIGITS = 5;
/** What the names and sentences of a list may take. */
const MOST_BYTES = 2_000_000;
const AGENT = "agent";
const OF_AGENTS = `{${AGENT}!="",__name__=~".*_(${Object.keys(AGENT_MEASURES).join("|")})"}`;

/** What the page is read from. */
export interface PageParts {
  readonly reader: StatusReader;
  /** The name of the process. */
  readonly service: string;
  /** Whether there is a page now; absent: always. */
  readonly isShown?: (() => boolean) | undefined;
}

/** Reads all that the page shows for one query. */
export async function readPage(parts: PageParts, query: PageQuery): Promise<PageData> {
  const { reader, service } = parts;
  const list = async (request: Partial<ListRequest>): Promise<ForecastList> =>
    fitting(await reader.forecasts({ limit: PAGE_LENGTH, recent: RECENT, ...request }), MOST_BYTES);
  const urgent = await list({ recent: 0 });
  const agents = agentsOf((await list({ match: OF_AGENTS, limit: 1000 })).forecasts);
  const selected = await selectedList(query, list);
  const detail =
    (await reader.series(query.series)) ??
    (await reader.series(openInstead(urgent, selected.list)?.id ?? ""));
  return {
    now: urgent.now,
    service,
    headline: headline(urgent),
    alerts: (await reader.alerts()).slice(0, MOST_ALERTS).map(shownAlert),
    agents: await Promise.all(agents.slice(0, MOST_AGENTS).map((agent) => shownAgent(reader, agent))),
    hasMoreAgents: agents.length > MOST_AGENTS,
    list: { ...selected.list, forecasts: selected.list.forecasts.map(withFewDigits) },
    ...(detail === undefined ? {} : { detail }),
    ...(selected.problem === undefined ? {} : { problem: selected.problem }),
  };
}

async function shownAgent(
  reader: StatusReader,
  [name, series]: readonly [string, readonly SeriesStatus[]],
): Promise<ShownAgent> {
  const tasks = await reader.tasksOf(name);
  const process = series[0]?.process;
  return {
    name,
    ...(process === undefined ? {} : { process }),
    ...(tasks === undefined ? {} : { tasks }),
    series: inOrder(series).map(withFewDigits),
  };
}

async function selectedList(
  { search, match, sort, page }: PageQuery,
  list: (request: Partial<ListRequest>) => Promise<ForecastList>,
): Promise<{ readonly list: ForecastList; readonly problem?: string }> {
  const request = { sort, offset: (page - 1) * PAGE_LENGTH, search: search === "" ? undefined : search };
  try {
    return { list: await list({ ...request, match: match === "" ? undefined : match }) };
  } catch (error) {
    if (!(error instanceof BadSelector)) throw error;
    return { list: await list(request), problem: error.message };
  }
}

/** The series that is open if none is asked for. */
function openInstead(urgent: ForecastList, selected: ForecastList): SeriesStatus | undefined {
  const trouble = firstInTrouble(urgent.forecasts);
  const shown = selected.forecasts;
  return trouble ?? shown.find(({ state }) => state === "ready") ?? shown[0];
}

function headline({ forecasts, now }: ForecastList): Headline {
  const text = headlineOf(forecasts);
  const first = firstInTrouble(forecasts);
  if (first === undefined) {
    const hasForecasts = forecasts.some(({ state }) => state === "ready");
    return { text, tone: hasForecasts ? "calm" : "waiting" };
  }
  const { id, at = now, secondsToThreshold = 0, recommendation } = first;
  return {
    text,
    tone: secondsToThreshold === 0 ? "trouble" : "ahead",
    at: at + secondsToThreshold * 1000,
    series: id,
    ...(recommendation === undefined ? {} : { recommendation }),
  };
}

/** The series of each agent, the agent with the most urgent series first. */
function agentsOf(forecasts: readonly SeriesStatus[]): [string, SeriesStatus[]][] {
  const agents = new Map<string, SeriesStatus[]>();
  for (const series of forecasts) {
    const name = series.labels[AGENT] ?? "";
    const known = agents.get(name);
    if (known === undefined) agents.set(name, [series]);
    else known.push(series);
  }
  return [...agents];
}

/** The series of an agent in the order of what a person asks for. */
function inOrder(series: readonly SeriesStatus[]): SeriesStatus[] {
  const ends = Object.keys(AGENT_MEASURES);
  const rank = ({ metric }: SeriesStatus): number => ends.findIndex((end) => metric.endsWith(`_${end}`));
  return series.toSorted((one, other) => rank(one) - rank(other));
}

function withFewDigits(series: SeriesStatus): SeriesStatus {
  const { recent } = series;
  if (recent === undefined) return series;
  const values = recent.values.map((value) => (value === null ? null : Number(value.toPrecision(DIGITS))));
  return { ...series, recent: { ...recent, values } };
}

function shownAlert(alert: AlertStatus): ShownAlert {
  const { name, state, since, severity, metricName, unit, labels, current, threshold, summary } = alert;
  const { runbookUrl, process } = alert;
  return {
    name,
    state,
    since,
    severity,
    metricName,
    unit,
    labels,
    current,
    threshold,
    summary,
    ...(process === undefined ? {} : { process }),
    ...(runbookUrl === undefined ? {} : { runbookUrl }),
  };
}
