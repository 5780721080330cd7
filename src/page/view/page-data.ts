import type { Threshold } from "../../core/threshold.ts";
import type { AgentTasks, ForecastList, SeriesDetail, SeriesStatus } from "../../status/answers.ts";

/** What will be in trouble first. */
export interface Headline {
  readonly text: string;
  /** `trouble`: now. `ahead`: it is forecast. `calm`: nothing is. `waiting`: there are no forecasts. */
  readonly tone: "trouble" | "ahead" | "calm" | "waiting";
  /** When it will be in trouble, in epoch milliseconds. */
  readonly at?: number;
  /** The series that is or will be in trouble. */
  readonly series?: string;
  readonly recommendation?: string;
}

/** An alert that is not inactive. */
export interface ShownAlert {
  readonly name: string;
  readonly state: string;
  readonly since: number;
  readonly severity: string;
  readonly metricName: string;
  readonly unit: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly current: number;
  readonly threshold: Threshold;
  readonly summary: string;
  /** The process that has it; absent: the one that shows the page. */
  readonly process?: string;
  readonly runbookUrl?: string;
}

/** An agent with the series that a person asks for first. */
export interface ShownAgent {
  readonly name: string;
  /** The process or thread that has it; absent: the one that shows the page. */
  readonly process?: string;
  /** Absent where tasks are not counted one by one. */
  readonly tasks?: AgentTasks;
  readonly series: readonly SeriesStatus[];
}

/** All that the page shows, as plain data. Times are epoch milliseconds. */
export interface PageData {
  readonly now: number;
  /** The name of the process. */
  readonly service: string;
  readonly headline: Headline;
  readonly alerts: readonly ShownAlert[];
  readonly agents: readonly ShownAgent[];
  /** Whether there are more agents than these. */
  readonly hasMoreAgents: boolean;
  readonly list: ForecastList;
  /** The series that is open. */
  readonly detail?: SeriesDetail;
  /** Why the query can't be answered. */
  readonly problem?: string;
}
