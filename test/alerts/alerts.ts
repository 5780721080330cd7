import type { ActionRequest } from "../../src/alerts/actions/action-outcome.ts";
import type { Alert } from "../../src/alerts/alert.ts";
import type { ActionTarget, ResolvedAction } from "../../src/alerts/resolved.ts";

/** An alert that fires, as actions receive it. */
export const firing: Alert = {
  name: "MemoryWillRunOut",
  state: "firing",
  since: Date.UTC(2026, 0, 1),
  firedAt: Date.UTC(2026, 0, 1),
  severity: "critical",
  metricName: "ai_cloud_memory_usage_percent",
  agentName: "worker-1",
  labels: { agent: "worker-1", "host.name": "a", empty: "" },
  unit: "%",
  on: "forecast",
  threshold: { value: 90, direction: "above" },
  recovery: 70,
  horizonSeconds: 300,
  at: Date.UTC(2026, 0, 1, 0, 1),
  current: 60,
  predictedValue: 95,
  lower: 91,
  upper: 99,
  timeToThresholdSeconds: 257,
  summary: "worker-1 is running out of memory",
  description: "60% now, 95% in 5 minutes",
  runbookUrl: "https://example.com/runbook",
};

export function actionTo(target: ActionTarget, over: Partial<ResolvedAction> = {}): ResolvedAction {
  return {
    name: "act",
    target,
    effect: "protect",
    acts: true,
    timeoutMillis: 10_000,
    retries: 3,
    key: "",
    onPassed: true,
    onResolved: true,
    ...over,
  };
}

export function requestFor(action: ResolvedAction, over: Partial<ActionRequest> = {}): ActionRequest {
  return {
    action,
    alert: firing,
    key: "one",
    idempotencyKey: "0123456789abcdef",
    isFree: false,
    isStillWanted: () => true,
    begins: () => {},
    ...over,
  };
}
