import { pageRoutes } from "../page/page-routes.ts";
import type { AgentTasks } from "../page/view/page-data.ts";
import type { Route } from "../prometheus/answers.ts";
import type { PortSharer } from "../prometheus/port-sharing.ts";
import type { PrometheusEndpoint } from "../prometheus/prometheus-endpoint.ts";
import { apiRoutes } from "../status/api-routes.ts";
import { type StatusParts, StatusReader } from "../status/status-reader.ts";
import type { ForecastPipeline } from "./forecast-pipeline.ts";

/**
 * What the endpoints of this process show on their pages. Each copy of this package knows its own: another
 * version may have other parts.
 */
const PIPELINES = new WeakMap<PortSharer, ForecastPipeline>();

/** The endpoint that has its port shows this pipeline too. */
export function shows(endpoint: PortSharer, pipeline: ForecastPipeline): void {
  PIPELINES.set(endpoint, pipeline);
}

/** The read API, and the page unless it is off: of this pipeline, and of others that the endpoint shows. */
export function routesOf(
  pipeline: ForecastPipeline,
  endpoint: () => PrometheusEndpoint | undefined,
): Map<string, Route> {
  const others = (): ForecastPipeline[] =>
    (endpoint()?.shown ?? []).slice(1).flatMap((other) => PIPELINES.get(other) ?? []);
  const reader = new StatusReader(statusParts(pipeline), () => others().map(statusParts));
  const api = apiRoutes(reader);
  if (!pipeline.options.page) return api;
  const page = pageRoutes({
    reader,
    service: pipeline.surroundings.serviceName,
    tasksOf: (agent) => firstOf([pipeline, ...others()], (one) => tasksOf(one, agent)),
  });
  return new Map([...api, ...page]);
}

function statusParts(pipeline: ForecastPipeline): StatusParts {
  return {
    engine: () => pipeline.engine,
    alerts: () => pipeline.alerting,
    now: () => pipeline.clock.now(),
  };
}

function firstOf<Given, Made>(
  all: readonly Given[],
  make: (one: Given) => Made | undefined,
): Made | undefined {
  for (const one of all) {
    const made = make(one);
    if (made !== undefined) return made;
  }
  return undefined;
}

/** The tasks of an agent since the start; `undefined` if none was recorded one by one. */
function tasksOf(
  { instruments: { book }, surroundings }: ForecastPipeline,
  agent: string,
): AgentTasks | undefined {
  if (!book.agentNames.includes(agent)) return undefined;
  const { completedTasks, failedTasks, activeTasks } = book.performance(agent, surroundings.now());
  return { completed: completedTasks, failed: failedTasks, active: activeTasks };
}
