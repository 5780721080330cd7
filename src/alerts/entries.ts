import type { AttributeFilter } from "../views/pattern.ts";
import type { Alert } from "./alert.ts";
import type { AlertBasis, AlertBound, OnItsWay, UnknownError } from "./state/alert-condition.ts";

/**
 * The limit of an alert, and the milder limit on whose safe side the alert ends. `recovery` is by
 * default 5 % of the way back from the limit to the best value of the metric; for a total of the
 * day, 10 %.
 */
export type AlertThreshold =
  | { readonly above: number; readonly recovery?: number }
  | { readonly below: number; readonly recovery?: number };

/**
 * An alert on the forecast of a series and its level, on its level alone, or on both at once. It is the same in code and in the
 * configuration file. Durations are texts such as `30s` or `5m`; `0s` is none. Summary and
 * description are templates with fields such as `{{agent}}`.
 */
export interface AlertRule {
  /** Letters, digits and underscores; the first is a letter. */
  readonly name: string;
  /** Prometheus name of the metric; `*` stands for anything. */
  readonly metric: string;
  /** Names of agents, or patterns of names; default every series of the metric. */
  readonly agents?: readonly string[];
  /** Patterns that labels of the series must match. */
  readonly where?: AttributeFilter;
  readonly threshold: AlertThreshold;
  /**
   * What must be beyond the threshold: the forecast or the current level (`forecast`, default), the
   * level alone (`level`), or both at once (`both`).
   */
  readonly on?: AlertBasis;
  /**
   * The number of the forecast that must be beyond the threshold. Default: `lower` for a limit
   * above, `upper` for a limit below, so that the whole interval is beyond it.
   */
  readonly bound?: AlertBound;
  /**
   * One of the horizons of the series; default the shortest one, or midnight for a total of the
   * day.
   */
  readonly horizon?: string;
  /**
   * A milder condition on the current level. Default: a quarter of the way from its usual level to
   * the threshold; for a total of the day, any value above 0.
   */
  readonly onItsWay?: OnItsWay;
  /**
   * Whether steady growth towards the threshold, beyond every level of the last day, raises the
   * alert without a forecast; only with `on: forecast`. Default: true, for a total of the day false.
   */
  readonly onGrowth?: boolean;
  /**
   * How long the condition must hold before the alert fires. Default: three collection intervals; a
   * level beyond the threshold and steady growth fire at once.
   */
  readonly for?: string;
  /**
   * How long the condition must be over before the alert ends. Default: three collection intervals;
   * if a forecast is part of the condition, also at least the time between two selections of models
   * or, if that is shorter, the horizon.
   */
  readonly keepFiringFor?: string;
  /**
   * How long after the end of an alert only a level beyond the threshold begins a new one; default
   * `5m`.
   */
  readonly cooldown?: string;
  /**
   * The error of past forecasts, divided by the error of "no change", must be below this; default
   * 1.
   */
  readonly maxErrorRatio?: number;
  /** How forecasts are judged before enough of them were scored; default `backtest`. */
  readonly whenErrorUnknown?: UnknownError;
  /** Default `warning`. */
  readonly severity?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly runbookUrl?: string;
  /** Names of actions that the alert runs. */
  readonly actions?: readonly string[];
}

/**
 * The effect of an action on its target. On a forecast alone only `add` and `protect` are allowed.
 */
export type ActionEffect = "add" | "protect" | "reduce" | "delete";

/** The second argument of an action's function. */
export interface ActionCall {
  /** Aborted when the time limit is reached or the monitor is shut down. */
  readonly signal: AbortSignal;
  /** The same for every attempt of a run, different for every run. */
  readonly idempotencyKey: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
}

/** An action in code. It has failed if it throws or its promise rejects. */
export type ActionFunction = (alert: Alert, call: ActionCall) => unknown;

/**
 * Where to read a secret: from an environment variable, or from a file. The last line break of a
 * file is not part of the secret.
 */
export type SecretSource = { readonly env: string } | { readonly file: string };

/**
 * An action that alerts run. Give exactly one of `run`, `function`, `webhook` and `alertmanager`.
 */
export interface ActionRule {
  /** A function; only in code. */
  readonly run?: ActionFunction;
  /** Name of a function that the application registers. */
  readonly function?: string;
  /** Address that receives the alert as JSON, by POST. */
  readonly webhook?: string;
  /** Address of an Alertmanager, without `/api/v2/alerts`. */
  readonly alertmanager?: string;
  /** Required for functions and webhooks; default `protect` for an Alertmanager. */
  readonly effect?: ActionEffect;
  /** `observe` (default): only log what would be done. `act`: do it. */
  readonly mode?: "observe" | "act";
  /** Time limit of one attempt; default `10s`. */
  readonly timeout?: string;
  /** Maximum of further attempts after a failure; default 3, for a function 0. */
  readonly retries?: number;
  /**
   * Template. Runs with the same key do not overlap. Default: one key for each alert and series.
   */
  readonly key?: string;
  /** Signs the requests of a webhook. */
  readonly secret?: SecretSource;
  /**
   * Whether to run the action again when an alert fires and its level then passes the threshold;
   * default true.
   */
  readonly onPassed?: boolean;
  /** Whether to run the action also when the alert ends; default true, for a function false. */
  readonly onResolved?: boolean;
}

/**
 * A range of time that is excluded from learning and from alerts. Once: `from` and `to` are dates
 * with time and zone. Repeated, on some or all days of the week: `from` and `to` are `HH:MM` in
 * UTC.
 */
export interface MaintenanceEntry {
  readonly from: string;
  readonly to: string;
  /** Days of the week, such as `sunday`, for a repeated range; default every day. */
  readonly days?: readonly string[];
  /** Patterns of agent names; default every series. */
  readonly agents?: readonly string[];
  /** Patterns of Prometheus names; default every metric. */
  readonly metrics?: readonly string[];
}

/** The entries for alerts, actions and maintenance in the options or in a configuration file. */
export interface AlertingEntries {
  readonly alerts?: readonly AlertRule[];
  readonly actions?: Readonly<Record<string, ActionRule>>;
  readonly actionsPerHour?: number;
  readonly maintenance?: readonly MaintenanceEntry[];
}
