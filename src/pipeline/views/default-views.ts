import type { Bounds } from "../../core/bounds.ts";
import { PROCESS_SCOPE, RECORDED_SCOPE, TASK_SCOPE } from "../../telemetry/scopes.ts";
import { consumptionViews } from "./consumption-views.ts";
import type { ForecastView, ViewOutput } from "./forecast-view.ts";
import type { AttributeFilter } from "./pattern.ts";

const PERCENT: Bounds = { lower: 0, upper: 100 };
const SHARE: Bounds = { lower: 0, upper: 1 };
const FROM_ZERO: Bounds = { lower: 0 };

const SUCCEEDED: AttributeFilter = { error_type: "" };
const FAILED: AttributeFilter = { error_type: "?*" };
const HTTP_FAILED: readonly AttributeFilter[] = [
  { "error.type": "?*" },
  { "http.response.status_code": "5??" },
];
const HTTP_SUCCEEDED: AttributeFilter = { "error.type": "", "http.response.status_code": "!5??" };

const forecast = { isPublished: true, isForecast: true } as const;

/** Views that cover every metric of this package, so that nobody has to write one to begin with. */
export function defaultViews(namespace: string): ForecastView[] {
  return [
    ...recordedViews(namespace),
    ...agentViews(namespace),
    levels("system.*", PERCENT, ["system.network.*"]),
    levels("system.network.*", FROM_ZERO, []),
    systemTraffic(["http.server.request.duration"], undefined, HTTP_FAILED, HTTP_SUCCEEDED),
    systemTraffic([`${namespace}.task.duration`], TASK_SCOPE, [FAILED], SUCCEEDED),
    ...applicationViews(),
  ];
}

/** Bounds of what is recorded by hand, by the end of its name. */
function recordedViews(namespace: string): ForecastView[] {
  const counters = ["completed_tasks", "failed_tasks"].map((name) => `${namespace}.${name}`);
  const level = (instruments: string[], bounds: Bounds, except: string[] = []): ForecastView => ({
    instruments,
    except,
    scope: RECORDED_SCOPE,
    by: "all",
    outputs: [{ name: "{instrument}", number: "level", bounds, ...forecast }],
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
    level(["*.success_rate", "*.failure_rate", "*.task_success_rate", "*.error_rate"], SHARE),
    level(["*"], FROM_ZERO, [
      "*_percent",
      "*.success_rate",
      "*.failure_rate",
      "*.task_success_rate",
      "*.error_rate",
      ...counters,
    ]),
  ];
}

function agentViews(namespace: string): ForecastView[] {
  const tasks = `${namespace}.task.duration`;
  const ofAgent = { scope: TASK_SCOPE, by: ["agent"] } as const;
  const counter = (name: string, of: AttributeFilter): ViewOutput[] => [
    {
      name: `${namespace}.${name}`,
      unit: "",
      number: "total",
      of: [of],
      isPublished: true,
      isForecast: false,
      isCounter: true,
    },
    {
      name: `${namespace}.${name}_per_second`,
      unit: "",
      number: "rate",
      of: [of],
      bounds: FROM_ZERO,
      ...forecast,
    },
  ];
  return [
    {
      ...ofAgent,
      instruments: [tasks],
      outputs: [
        ...latencies(`${namespace}.latency`, "of an agent's tasks"),
        {
          name: `${namespace}.task_success_rate`,
          unit: "",
          description: "Share of tasks that ended in success, after retries",
          number: "ratio",
          of: [SUCCEEDED],
          bounds: SHARE,
          ...forecast,
        },
        ...counter("completed_tasks", SUCCEEDED),
        ...counter("failed_tasks", FAILED),
      ],
    },
    {
      ...ofAgent,
      instruments: [tasks, `${namespace}.retried_attempts`],
      outputs: [
        attempts(`${namespace}.success_rate`, SUCCEEDED, "Share of attempts that succeeded"),
        attempts(`${namespace}.failure_rate`, FAILED, "Share of attempts that failed"),
      ],
    },
    {
      ...ofAgent,
      instruments: [`${namespace}.failure.recovery_duration`],
      outputs: [
        {
          name: `${namespace}.failure_recovery_time`,
          unit: "s",
          description: "Mean time from a failure to its recovery",
          number: "mean",
          bounds: FROM_ZERO,
          ...forecast,
        },
      ],
    },
    ...consumptionViews(namespace),
    { ...levels(`${namespace}.*_tasks`, FROM_ZERO, []), scope: TASK_SCOPE },
    { ...levels(`${namespace}.open_failures`, FROM_ZERO, []), scope: TASK_SCOPE },
    { ...levels(`${namespace}.*_percent`, PERCENT, []), scope: PROCESS_SCOPE },
  ];
}

function attempts(name: string, of: AttributeFilter, description: string): ViewOutput {
  return { name, unit: "", description, number: "ratio", of: [of], bounds: SHARE, ...forecast };
}

function latencies(name: string, ofWhat: string): ViewOutput[] {
  return [50, 95, 99].map((percent) => ({
    name: `${name}.p${percent}`,
    unit: "s",
    description: `${percent}th percentile of the duration ${ofWhat}`,
    number: "quantile",
    quantile: percent / 100,
    bounds: FROM_ZERO,
    ...forecast,
  }));
}

/** In a process that serves HTTP the requests are its traffic; in one that does not, the tasks of its agents are. */
function systemTraffic(
  instruments: string[],
  scope: string | undefined,
  failed: readonly AttributeFilter[],
  succeeded: AttributeFilter,
): ForecastView {
  return {
    instruments,
    ...(scope === undefined ? {} : { scope }),
    by: [],
    outputs: [
      ...latencies("system.latency", "of requests"),
      {
        name: "system.error_rate",
        unit: "",
        description: "Share of requests that failed",
        number: "ratio",
        of: failed,
        bounds: SHARE,
        ...forecast,
      },
      {
        name: "system.request_rate",
        unit: "",
        description: "Requests a second",
        number: "rate",
        bounds: FROM_ZERO,
        ...forecast,
      },
      {
        name: "system.throughput",
        unit: "",
        description: "Requests a second that succeeded",
        number: "rate",
        of: [succeeded],
        bounds: FROM_ZERO,
        ...forecast,
      },
    ],
  };
}

function levels(instrument: string, bounds: Bounds, except: string[]): ForecastView {
  return {
    instruments: [instrument],
    except,
    scope: PROCESS_SCOPE,
    by: "all",
    outputs: [{ name: "{instrument}", number: "level", bounds, ...forecast }],
  };
}

/** What an application measures with instruments of its own: levels, rates of counters, 95th percentiles. */
function applicationViews(): ForecastView[] {
  const ofApplication = {
    instruments: ["*"],
    exceptScopes: ["otel-forecast*", "@opentelemetry/*"],
    by: "all",
  } as const;
  return [
    {
      ...ofApplication,
      kinds: ["level"],
      outputs: [{ name: "{instrument}", number: "level", isPublished: false, isForecast: true }],
    },
    {
      ...ofApplication,
      kinds: ["increment"],
      outputs: [{ name: "{base}_per_second", unit: "", number: "rate", bounds: FROM_ZERO, ...forecast }],
    },
    {
      ...ofApplication,
      kinds: ["histogram"],
      outputs: [{ name: "{instrument}.p95", number: "quantile", quantile: 0.95, ...forecast }],
    },
  ];
}
