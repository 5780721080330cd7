import type { AttributeFilter } from "../views/pattern.ts";
import type { Alert } from "./alert.ts";
import type { AlertBasis, AlertBound, OnItsWay, UnknownError } from "./state/alert-condition.ts";

/** A limit, and the milder one on whose safe side an alert ends; absent: the limit itself. */
export type AlertThreshold =
  | { readonly above: number; readonly recovery?: number }
  | { readonly below: number; readonly recovery?: number };

/**
 * An alert on where series are heading. Durations are texts such as `30s` or `5m`, `0s` for none; descriptions are
 * templates with fields such as `{{agent}}`. The same in code as in a configuration file.
 */
export interface AlertRule {
  /** Begins with a letter; letters, digits and underscores. */
  readonly name: string;
  /** Prometheus name of the metric; `*` stands for anything. */
  readonly metric: string;
  /** Names of agents, or patterns of names; absent: every series of the metric. */
  readonly agents?: readonly string[];
  /** Patterns that labels of the series must match. */
  readonly where?: AttributeFilter;
  readonly threshold: AlertThreshold;
  /** What has to be beyond the threshold: the forecast (default), the level now, or both. */
  readonly on?: AlertBasis;
  /** Which number of the forecast; absent: the bound with which the whole interval is beyond the threshold. */
  readonly bound?: AlertBound;
  /** One of the horizons that the series is forecast at; absent: the shortest of the process. */
  readonly horizon?: string;
  /** The milder condition on the level now; absent: a quarter of the way from its usual level to the threshold. */
  readonly onItsWay?: OnItsWay;
  /** Default: three collection intervals. */
  readonly for?: string;
  /** Default: three collection intervals. */
  readonly keepFiringFor?: string;
  /** Default: `5m`. */
  readonly cooldown?: string;
  /** The live error of past forecasts over that of naive must be below this; default 1. */
  readonly maxErrorRatio?: number;
  /** What holds until enough forecasts were scored; default `backtest`. */
  readonly whenErrorUnknown?: UnknownError;
  /** Default `warning`. */
  readonly severity?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly runbookUrl?: string;
  /** Names of actions. */
  readonly actions?: readonly string[];
}

/** What an action does to the thing that it acts on. A forecast alone may `add` or `protect`. */
export type ActionEffect = "add" | "protect" | "reduce" | "delete";

/** What a function is told besides the alert. */
export interface ActionCall {
  /** Aborted when the time limit is reached or the monitor is shut down. */
  readonly signal: AbortSignal;
  /** The same for every attempt of one run, different for every run. */
  readonly idempotencyKey: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
}

/** An action in code. It has failed when it throws or its promise is rejected. */
export type ActionFunction = (alert: Alert, call: ActionCall) => unknown;

/** Where a secret is read from: an environment variable, or a file whose last line break is not part of it. */
export type SecretSource = { readonly env: string } | { readonly file: string };

/** What to do when an alert fires: one of `run`, `function`, `webhook` and `alertmanager`, and how. */
export interface ActionRule {
  /** A function; in code only. */
  readonly run?: ActionFunction;
  /** Name of a function that the application registers. */
  readonly function?: string;
  /** Address that the alert is posted to as JSON. */
  readonly webhook?: string;
  /** Address of an Alertmanager, without `/api/v2/alerts`. */
  readonly alertmanager?: string;
  /** Must be said of functions and webhooks; an Alertmanager is told, which protects. */
  readonly effect?: ActionEffect;
  /** `observe` (default): say what would have been done. `act`: do it. */
  readonly mode?: "observe" | "act";
  /** Of one attempt; default `10s`. */
  readonly timeout?: string;
  /** Further attempts after one that failed: default 3, of a function 0. */
  readonly retries?: number;
  /** Template; of the runs that share a key one runs at a time. Default: one key for each alert and series. */
  readonly key?: string;
  /** What a webhook is signed with. */
  readonly secret?: SecretSource;
  /** Whether to run when the alert is resolved too: default true, of a function false. */
  readonly onResolved?: boolean;
}

/**
 * A range that is excluded from learning and from alerts: once (`from` and `to` with date, time and zone), or every
 * day or on some days (`from` and `to` as `HH:MM`, in UTC).
 */
export interface MaintenanceEntry {
  readonly from: string;
  readonly to: string;
  readonly days?: readonly string[];
  /** Patterns of agents; absent: every series. */
  readonly agents?: readonly string[];
  /** Patterns of Prometheus names; absent: every metric. */
  readonly metrics?: readonly string[];
}

/** What a configuration file, or the options, say of alerts, actions and maintenance. */
export interface AlertingEntries {
  readonly alerts?: readonly AlertRule[];
  readonly actions?: Readonly<Record<string, ActionRule>>;
  readonly actionsPerHour?: number;
  readonly maintenance?: readonly MaintenanceEntry[];
}
