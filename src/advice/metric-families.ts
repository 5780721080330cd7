/**
 * Advice about a family of metrics. Each advice is an imperative that "before then" or "now" can
 * follow.
 */
export interface AdviceFamily {
  /** Matches the Prometheus name of a metric. */
  readonly matches: RegExp;
  /** The name in sentences; `$1` is the first group of `matches`. Absent: the Prometheus name. */
  readonly noun?: string;
  /** The direction that is bad; `neither` if either direction may be bad. */
  readonly trouble: "rising" | "falling" | "neither";
  readonly whenRising: string;
  readonly whenFalling: string;
  /**
   * Whether the metric is a total that always rises. Rising is then no trouble; crossing a
   * threshold is.
   */
  readonly isTotal?: boolean;
}

const GETTING_BETTER = "no action is needed";

const PILING_UP = {
  trouble: "rising",
  whenRising: "work is piling up, so add workers or slow down what comes in",
  whenFalling: GETTING_BETTER,
} as const;

const EITHER_WAY = {
  trouble: "neither",
  whenRising: "check that this is expected",
  whenFalling: "check that this is expected",
} as const;

/** The first family that matches is used. The last one matches everything. */
export const FAMILIES: readonly AdviceFamily[] = [
  {
    matches: /((?:task_)?success)_rate$/,
    noun: "$1 rate",
    trouble: "falling",
    whenRising: "whatever was changed last is helping, so keep it",
    whenFalling: "look at the task types that fail most and stop or fix them",
  },
  {
    matches: /cost_today$/,
    noun: "daily cost",
    trouble: "rising",
    whenRising: "look for a loop, take work off or raise its budget",
    whenFalling: GETTING_BETTER,
    isTotal: true,
  },
  {
    matches: /tokens_today$/,
    noun: "daily use of tokens",
    trouble: "rising",
    whenRising: "look for a loop, take work off or raise its budget",
    whenFalling: GETTING_BETTER,
    isTotal: true,
  },
  {
    matches: /(cost|token)s?_per_second$/,
    noun: "$1 rate",
    trouble: "rising",
    whenRising: "look for a loop or prompts that grow",
    whenFalling: GETTING_BETTER,
  },
  {
    matches: /repeated_tool_calls_per_second$/,
    noun: "rate of repeated tool calls",
    trouble: "rising",
    whenRising: "look for a loop: stop the run, or change the tool's answer",
    whenFalling: GETTING_BETTER,
  },
  {
    matches: /run_(model|tool)_calls_p95$/,
    noun: "number of $1 calls a run",
    trouble: "rising",
    whenRising: "look for a loop or limit the steps of a run",
    whenFalling: GETTING_BETTER,
  },
  {
    matches: /first_token_p95/,
    noun: "time to the first token",
    trouble: "rising",
    whenRising: "look for longer prompts or a provider that has become slow",
    whenFalling: GETTING_BETTER,
  },
  {
    matches: /(failure|error)_rate$/,
    noun: "$1 rate",
    trouble: "rising",
    whenRising: "look for the error type that most failures share and fix it",
    whenFalling: GETTING_BETTER,
  },
  {
    matches: /latency_(p\d+)/,
    noun: "$1 latency",
    trouble: "rising",
    whenRising: "look for a dependency that has become slow or take load off",
    whenFalling: GETTING_BETTER,
  },
  {
    matches: /recovery_time/,
    noun: "recovery time",
    trouble: "rising",
    whenRising: "look at the recovery actions that take longest or have to be repeated",
    whenFalling: GETTING_BETTER,
  },
  {
    matches: /heap_usage/,
    noun: "heap use",
    trouble: "rising",
    whenRising: "look for a leak and restart it or raise its heap limit",
    whenFalling: GETTING_BETTER,
  },
  {
    matches: /event_?loop/,
    noun: "event loop delay",
    trouble: "rising",
    whenRising: "look for synchronous work that blocks the event loop or take load off",
    whenFalling: GETTING_BETTER,
  },
  {
    matches: /memory|heap/,
    noun: "memory use",
    trouble: "rising",
    whenRising: "look for a leak and restart it or raise its memory limit",
    whenFalling: GETTING_BETTER,
  },
  {
    matches: /cpu/,
    noun: "CPU use",
    trouble: "rising",
    whenRising: "add capacity or spread the work",
    whenFalling: GETTING_BETTER,
  },
  {
    matches: /disk|filesystem/,
    noun: "disk use",
    trouble: "rising",
    whenRising: "free space by rotating logs and pruning old files",
    whenFalling: GETTING_BETTER,
  },
  {
    matches: /network/,
    noun: "network traffic",
    trouble: "neither",
    whenRising: "make sure that the link has room for it",
    whenFalling: "check that nothing has stopped sending",
  },
  {
    matches: /resource_consumption$/,
    noun: "resource consumption",
    ...EITHER_WAY,
  },
  {
    matches: /(active_tasks|open_failures)$/,
    noun: "number of $1",
    ...PILING_UP,
  },
  {
    matches: /queue|backlog|pending/,
    ...PILING_UP,
  },
  {
    matches: /failed_tasks_per_second$/,
    noun: "rate of failed tasks",
    trouble: "rising",
    whenRising: "look for the error type that most failures share and fix it",
    whenFalling: GETTING_BETTER,
  },
  {
    matches: /completed_tasks_per_second$/,
    noun: "rate of completed tasks",
    trouble: "falling",
    whenRising: "make sure that there is capacity for it",
    whenFalling: "check whether less work comes in or it has got stuck",
  },
  {
    matches: /throughput/,
    noun: "throughput",
    trouble: "falling",
    whenRising: "make sure that there is capacity for it",
    whenFalling: "check whether less work comes in or it has got stuck",
  },
  {
    matches: /request_rate$/,
    noun: "request rate",
    trouble: "neither",
    whenRising: "make sure that there is capacity for it",
    whenFalling: "check that clients still get through",
  },
];

/** For metrics of no family. */
export const ANYTHING: AdviceFamily = { matches: /(?:)/, ...EITHER_WAY };
