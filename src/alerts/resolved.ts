import type { Horizon } from "../core/horizon.ts";
import type { Labels } from "../core/series-key.ts";
import type { ActionEffect, ActionFunction } from "./entries.ts";
import type { Secret } from "./secret.ts";
import type { AlertCondition } from "./state/alert-condition.ts";
import type { AlertTiming } from "./state/alert-state.ts";
import type { MaintenanceRange } from "./state/maintenance-range.ts";

/** Tells which series are meant. */
export interface SeriesTest {
  matches(metric: string, labels: Labels): boolean;
}

/** An alert rule, checked and with its defaults. */
export interface ResolvedAlert extends SeriesTest {
  readonly name: string;
  readonly horizon: Horizon;
  readonly condition: AlertCondition;
  readonly timing: AlertTiming;
  readonly severity: string;
  /** Templates, where the rule has its own. */
  readonly summary: string | undefined;
  readonly description: string | undefined;
  readonly runbookUrl: string | undefined;
  readonly actions: readonly ResolvedAction[];
}

/** Who or what carries an action out. */
export type ActionTarget =
  | { readonly kind: "function"; readonly name: string; readonly run: ActionFunction | undefined }
  | { readonly kind: "webhook"; readonly url: URL; readonly secret: Secret | undefined }
  | { readonly kind: "alertmanager"; readonly url: URL };

/** An action, checked and with its defaults. */
export interface ResolvedAction {
  readonly name: string;
  readonly target: ActionTarget;
  readonly effect: ActionEffect;
  readonly acts: boolean;
  readonly timeoutMillis: number;
  readonly retries: number;
  /** Template. */
  readonly key: string;
  readonly onResolved: boolean;
}

/** A range with the series that it is about. */
export interface ResolvedMaintenance extends SeriesTest {
  readonly range: MaintenanceRange;
}

/** Everything that is said of alerts, actions and maintenance. */
export interface ResolvedAlerting {
  readonly alerts: readonly ResolvedAlert[];
  readonly actions: readonly ResolvedAction[];
  readonly actionsPerHour: number;
  readonly maintenance: readonly ResolvedMaintenance[];
}
