import { type AgentMetricKey, agentMetrics, eventLoopDelays, runCalls } from "./agent-metrics.ts";
import { SYSTEM_METRICS } from "./system-metrics.ts";

/** An instrument of this package, as a view can select it. */
export interface OwnInstrument {
  readonly name: string;
  readonly unit: string;
  readonly kind: "level" | "increment" | "histogram";
  /** The attributes of its points. */
  readonly attributes: readonly string[];
}

/** Metrics that only views make, of other instruments. */
const MADE_BY_VIEWS: readonly AgentMetricKey[] = [
  "completedTaskRate",
  "failedTaskRate",
  "tokenRate",
  "costRate",
  "eventLoopDelay",
  "runModelCalls",
  "runToolCalls",
  "firstTokenP95",
  "repeatedToolCallRate",
];
/** Counters that views make of tasks. Their instruments are levels that the application records. */
const RECORDED_AS_LEVELS: readonly AgentMetricKey[] = ["completedTasks", "failedTasks"];
/** Measured by model too; the default views sum over models. */
const BY_MODEL: readonly AgentMetricKey[] = ["tokensToday", "costToday"];

const KINDS = { gauge: "level", counter: "increment", histogram: "histogram" } as const;

/** The instruments of this package, of agents and of the system. */
export function ownInstruments(namespace: string): OwnInstrument[] {
  const ofAgents = Object.entries(agentMetrics(namespace)).flatMap(([given, metric]) => {
    const key = given as AgentMetricKey;
    if (MADE_BY_VIEWS.includes(key)) return [];
    const { name, unit, type, labels } = metric;
    const kind = RECORDED_AS_LEVELS.includes(key) ? "level" : KINDS[type];
    return [{ name, unit, kind, attributes: BY_MODEL.includes(key) ? [...labels, "model"] : labels }];
  });
  const others = [
    eventLoopDelays(namespace),
    ...Object.values(runCalls(namespace)),
    ...Object.values(SYSTEM_METRICS),
  ];
  const measured = others.map(({ name, unit, type, labels }) => ({
    name,
    unit,
    kind: KINDS[type],
    attributes: labels,
  }));
  return [...ofAgents, ...measured];
}
