import type { Bounds } from "../core/bounds.ts";
import { agentMetrics } from "../metrics/agent-metrics.ts";
import { SYSTEM_METRICS } from "../metrics/system-metrics.ts";
import { RECORDED_SCOPE, TASK_SCOPE } from "../otel/scopes.ts";
import { STREAM_ATTRIBUTE } from "../otel/semconv.ts";
import { agentViews, FAILED, SUCCEEDED } from "./agent-views.ts";
import type { ForecastView, ViewOutput } from "./forecast-view.ts";
import type { AttributeFilter } from "./pattern.ts";
import {
  FORECAST,
  FROM_ZERO,
  latencies,
  levels,
  output,
  PERCENT,
  SHARE,
  viewsOfOthers,
} from "./view-parts.ts";

const HTTP_FAILED: readonly AttributeFilter[] = [
  { "error.type": "?*" },
  { "http.response.status_code": "5??" },
];
const REQUESTS = { instruments: ["http.server.request.duration"], by: [] };
const HTTP_SUCCEEDED: AttributeFilter = { "error.type": "", "http.response.status_code": "!5??" };

/** The views of all metrics of this package. They apply without any configuration. */
export function defaultViews(namespace: string): ForecastView[] {
  const tasks = { instruments: [agentMetrics(namespace).taskDuration.name], scope: TASK_SCOPE, by: [] };
  return [
    ...recordedViews(namespace),
    ...agentViews(namespace),
    levels("system.*", PERCENT, ["system.network.*"]),
    levels("system.network.*", FROM_ZERO, []),
    { ...REQUESTS, where: { [STREAM_ATTRIBUTE]: "" }, outputs: latencies(SYSTEM_METRICS) },
    { ...REQUESTS, outputs: traffic(HTTP_FAILED, HTTP_SUCCEEDED) },
    { ...tasks, outputs: [...latencies(SYSTEM_METRICS), ...traffic([FAILED], SUCCEEDED)] },
    ...applicationViews(),
  ];
}

/**
 * The views of metrics that the application records by hand. The end of the name decides on the
 * bounds.
 */
function recordedViews(namespace: string): ForecastView[] {
  const metrics = agentMetrics(namespace);
  const counters = [metrics.completedTasks.name, metrics.failedTasks.name];
  const shares = [
    metrics.successRate,
    metrics.failureRate,
    metrics.taskSuccessRate,
    SYSTEM_METRICS.errorRate,
  ].map(({ name }) => name);
  const level = (instruments: string[], bounds: Bounds, except: string[] = []): ForecastView => ({
    instruments,
    except,
    scope: RECORDED_SCOPE,
    by: "all",
    outputs: [{ name: "{instrument}", number: "level", bounds, ...FORECAST }],
  });
  return [
    {
      instruments: counters,
      scope: RECORDED_SCOPE,
      by: "all",
      outputs: [
        { name: "{instrument}", number: "level", isPublished: true, isForecast: false, isCounter: true },
      ],
    },
    level(["*_percent"], PERCENT),
    level(shares, SHARE),
    level(["*"], FROM_ZERO, ["*_percent", ...shares, ...counters]),
  ];
}

/**
 * The traffic of the process: the requests if it serves HTTP, otherwise the tasks of its agents.
 * The first view that gives a metric wins. Streams have no latency.
 */
function traffic(failed: readonly AttributeFilter[], succeeded: AttributeFilter): ViewOutput[] {
  return [
    output(SYSTEM_METRICS.errorRate, { number: "ratio", of: failed, bounds: SHARE }),
    output(SYSTEM_METRICS.requestRate, { number: "rate", bounds: FROM_ZERO }),
    output(SYSTEM_METRICS.throughput, { number: "rate", of: [succeeded], bounds: FROM_ZERO }),
  ];
}

/** The views of an application's own instruments. */
function applicationViews(): ForecastView[] {
  return viewsOfOthers({ exceptScopes: ["otel-forecast*", "@opentelemetry/*"] });
}
