import type { Alert } from "../alerts/alert.ts";
import type { Alerting } from "../alerts/alerting.ts";
import { Pace, type Steps, YieldingRunner } from "../core/yielding-runner.ts";
import type { ForecastEngine } from "../engine/forecast-engine.ts";
import { eventLoop } from "../system/event-loop.ts";
import { type AgentNames, givenName, shownKey, shownLabels } from "./agent-names.ts";
import type {
  AgentTasks,
  AlertStatus,
  ForecastList,
  ListRequest,
  SeriesDetail,
  SeriesStatus,
} from "./answers.ts";
import { byUrgency, type Found, rankOf, searching, urgencyOf } from "./found-series.ts";
import { AskedMembers, type StatusMembers } from "./members.ts";
import { compileSelector } from "./series-selector.ts";
import { detailOf, pastOf, statusId, statusOf } from "./series-status.ts";

/** What the status is read from. */
export interface StatusParts {
  engine(): Pick<ForecastEngine, "forecasters" | "turn">;
  alerts(): Pick<Alerting, "alerts">;
  /** Epoch milliseconds. */
  now(): number;
  /** The tasks of an agent; `undefined` where they are not counted one by one. */
  tasksOf?(agent: string): AgentTasks | undefined;
}

/** Members rank that many series at most for one list. */
const MAX_RANKED = 20_000;
/** How many series are read between two looks at the clock: each may have to be forecast first. */
const SERIES_BETWEEN = 4;

/**
 * Reads what a running process forecasts, and what other processes and threads forecast that it shows, as
 * plain data. Nothing is kept or computed between two calls.
 *
 * Another process that shows this one passes the names that it shows its agents by: then only these
 * agents are read, by these names.
 */
export class StatusReader {
  readonly #parts: StatusParts;
  readonly #others: () => readonly StatusParts[];
  #members: StatusMembers | undefined;

  /** @param others what is read too: the forecasters of the process that share an endpoint. */
  constructor(parts: StatusParts, others: () => readonly StatusParts[] = () => []) {
    this.#parts = parts;
    this.#others = others;
  }

  /** From now on these threads and processes are read too. */
  readToo(members: StatusMembers): void {
    this.#members = members;
  }

  /** The number of whole collections so far: what is read changes with it. */
  get turn(): number {
    return this.#all().reduce((turns, { engine }) => turns + engine().turn, this.#members?.turn ?? 0);
  }

  /**
   * The series that a request selects.
   *
   * @throws BadSelector if the selector is wrong.
   */
  async forecasts(request: ListRequest, agents?: AgentNames): Promise<ForecastList> {
    const members = this.#members?.asked() ?? [];
    const read = (wanted: ListRequest): Promise<ForecastList> =>
      new YieldingRunner(eventLoop).run(this.#own(wanted, agents));
    if (members.length === 0) return read(request);
    const { limit, offset = 0, sort } = request;
    const ranked = { ...request, offset: 0, limit: Math.min(offset + limit, MAX_RANKED) };
    const own = await read(ranked);
    const lists = await new AskedMembers(members, agents).lists(ranked);
    const all = [own, ...lists.filter((list) => list !== undefined)];
    return {
      now: own.now,
      series: sum(all.map(({ series }) => series)),
      selected: sum(all.map(({ selected }) => selected)),
      forecasts: all
        .flatMap(({ forecasts }) => forecasts)
        .map((status) => ({ status, metric: status.metric, urgency: sort === "name" ? 0 : rankOf(status) }))
        .sort(byUrgency)
        .slice(offset, offset + limit)
        .map(({ status }) => status),
      processes: { others: members.length, silent: lists.filter((list) => list === undefined).length },
    };
  }

  /** One series; `undefined` if there is none with this id. */
  async series(id: string, agents?: AgentNames): Promise<SeriesDetail | undefined> {
    if (id === "") return undefined;
    const found = await new YieldingRunner(eventLoop).run(this.#find(id, agents));
    return found === undefined ? this.#asked(agents).series(id) : detailOf(found);
  }

  *#find(id: string, agents: AgentNames | undefined): Steps<Found | undefined> {
    const pace = new Pace();
    for (const found of this.#series(agents)) {
      if (statusId(found.key) === id) return found;
      if (pace.isDue()) yield;
    }
    return undefined;
  }

  /** All alerts that are not inactive; those that fire come first. */
  async alerts(agents?: AgentNames): Promise<AlertStatus[]> {
    const order = ["firing", "pending", "resolved"];
    const own = this.#all()
      .flatMap((parts) => parts.alerts().alerts({}))
      .filter(({ state }) => order.includes(state))
      .flatMap((alert) => shownAlert(alert, agents));
    return [...own, ...(await this.#asked(agents).alerts())].sort(
      (one, other) => order.indexOf(one.state) - order.indexOf(other.state) || one.since - other.since,
    );
  }

  /** The tasks of an agent since the start; `undefined` where they are not counted one by one. */
  async tasksOf(agent: string, agents?: AgentNames): Promise<AgentTasks | undefined> {
    const given = givenName(agent, agents);
    if (given !== undefined)
      for (const parts of this.#all()) {
        const tasks = parts.tasksOf?.(given);
        if (tasks !== undefined) return tasks;
      }
    return this.#asked(agents).tasksOf(agent);
  }

  #all(): StatusParts[] {
    return [this.#parts, ...this.#others()];
  }

  #asked(agents: AgentNames | undefined): AskedMembers {
    return new AskedMembers(this.#members?.asked() ?? [], agents);
  }

  /** The series of this process. One that several forecasters have is that of the first. */
  *#series(agents: AgentNames | undefined): Iterable<Found> {
    const all = this.#all();
    const ids = new Set<string>();
    for (const { engine } of all) {
      const { forecasters, turn } = engine();
      for (const forecaster of forecasters) {
        const key = shownKey(forecaster.plan.key, agents);
        if (key === undefined) continue;
        if (all.length > 1) {
          const id = statusId(key);
          if (ids.has(id)) continue;
          ids.add(id);
        }
        yield { forecaster, key, isCurrent: forecaster.turn >= turn };
      }
    }
  }

  /** What this process has of a list. The work may pause at each `yield`. */
  *#own(
    { match, search, limit, offset = 0, sort = "urgency", recent = 0 }: ListRequest,
    agents: AgentNames | undefined,
  ): Steps<ForecastList> {
    const selects = match === undefined ? () => true : compileSelector(match);
    const contains = search === undefined ? () => true : searching(search);
    const found: Found[] = [];
    const pace = new Pace();
    let series = 0;
    for (const one of this.#series(agents)) {
      series += 1;
      if (selects(one.key) && contains(one.key)) found.push(one);
      if (pace.isDue()) yield;
    }
    const reading = new Pace(SERIES_BETWEEN);
    const ranked: { one: Found; metric: string; urgency: number }[] = [];
    for (const one of found) {
      const urgency = sort === "name" ? 0 : urgencyOf(one.forecaster);
      ranked.push({ one, metric: one.key.metric, urgency });
      if (reading.isDue()) yield;
    }
    const sorted = ranked.sort(byUrgency).slice(offset, offset + limit);
    const forecasts: SeriesStatus[] = [];
    for (const { one } of sorted) {
      const status = statusOf(one);
      forecasts.push(recent === 0 ? status : { ...status, recent: pastOf(one.forecaster, recent) });
      if (reading.isDue()) yield;
    }
    return { now: this.#parts.now(), series, selected: found.length, forecasts };
  }
}

function shownAlert(alert: Alert, agents: AgentNames | undefined): Alert[] {
  const labels = shownLabels(alert.labels, agents);
  if (labels === undefined) return [];
  if (labels === alert.labels) return [alert];
  return [{ ...alert, labels, ...(labels.agent === undefined ? {} : { agentName: labels.agent }) }];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
