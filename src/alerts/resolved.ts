import type { Horizon } from "../core/horizon.ts";
import type { ActionEffect, ActionFunction } from "./entries.ts";
import type { Secret } from "./secret.ts";
import type { SeriesTest } from "./series-test.ts";
import type { AlertCondition } from "./state/alert-condition.ts";
import type { AlertTiming } from "./state/alert-state.ts";
import type { MaintenanceRange } from "./state/maintenance-range.ts";

/** A rule: the entry of an alert, checked and with its defaults. */
export interface ResolvedAlert extends SeriesTest {
  readonly name: string;
  /** The pattern of the names of its metrics. */
  readonly metric: string;
  readonly horizon: Horizon;
  readonly condition: AlertCondition;
  /** Whether steady growth towards the threshold raises the alert. */
  readonly onGrowth: boolean;
  readonly timing: AlertTiming;
  readonly severity: string;
  /** Templates; `undefined`: the default texts. */
  readonly summary: string | undefined;
  readonly description: string | undefined;
  readonly runbookUrl: string | undefined;
  readonly actions: readonly ResolvedAction[];
}

/** The receiver of an action. */
export type ActionTarget =
  | { readonly kind: "function"; readonly name: string; readonly run: ActionFunction | undefined }
  | { readonly kind: "webhook"; readonly url: URL; readonly secret: Secret | undefined }
  | { readonly kind: "alertmanager"; readonly url: URL };

/** The entry of an action, checked and with its defaults. */
export interface ResolvedAction {
  readonly name: string;
  readonly target: ActionTarget;
  readonly effect: ActionEffect;
  /** Whether the action is run; `false`: it is only logged. */
  readonly acts: boolean;
  readonly timeoutMillis: number;
  readonly retries: number;
  /** Template; runs with the same key do not overlap. */
  readonly key: string;
  readonly onPassed: boolean;
  readonly onResolved: boolean;
}

/** The entry of a maintenance: a range and its series. */
export interface ResolvedMaintenance extends SeriesTest {
  readonly range: MaintenanceRange;
}

/** The resolved entries of alerts, actions and maintenance. */
export interface ResolvedAlerting {
  readonly alerts: readonly ResolvedAlert[];
  readonly actions: readonly ResolvedAction[];
  readonly actionsPerHour: number;
  readonly maintenance: readonly ResolvedMaintenance[];
}
