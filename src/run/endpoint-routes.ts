import { pageRoutes } from "../page/page-routes.ts";
import type { Route } from "../prometheus/answers.ts";
import type { PortSharer } from "../prometheus/port-sharing.ts";
import type { PrometheusEndpoint } from "../prometheus/prometheus-endpoint.ts";
import { routesInTurn } from "../prometheus/routes-in-turn.ts";
import type { AgentTasks } from "../status/answers.ts";
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

/** Reads the status of this pipeline, and of others that the endpoint shows. */
export function statusReader(
  pipeline: ForecastPipeline,
  endpoint: () => PrometheusEndpoint | undefined,
): StatusReader {
  return new StatusReader(statusParts(pipeline), () =>
    (endpoint()?.shown ?? [])
      .slice(1)
      .flatMap((other) => PIPELINES.get(other) ?? [])
      .map(statusParts),
  );
}

/** The read API, and the page unless it is off. */
export function routesOf(
  { options, surroundings }: ForecastPipeline,
  reader: StatusReader,
): Map<string, Route> {
  const api = apiRoutes(reader);
  const page = options.page ? pageRoutes({ reader, service: surroundings.serviceName }) : [];
  return routesInTurn(new Map([...api, ...page]));
}

function statusParts(pipeline: ForecastPipeline): StatusParts {
  return {
    engine: () => pipeline.engine,
    alerts: () => pipeline.alerting,
    now: () => pipeline.clock.now(),
    tasksOf: (agent) => tasksOf(pipeline, agent),
  };
}

function tasksOf(
  { instruments: { book }, surroundings }: ForecastPipeline,
  agent: string,
): AgentTasks | undefined {
  if (!book.agentNames.includes(agent)) return undefined;
  const { completedTasks, failedTasks, activeTasks } = book.performance(agent, surroundings.now());
  return { completed: completedTasks, failed: failedTasks, active: activeTasks };
}
