import { expect, it } from "vitest";
import type { AlertRule } from "../../../src/alerts/entries.ts";
import { resolveOptions } from "../../../src/config/resolve-options.ts";

function resolved(entry: Partial<AlertRule>) {
  const rule = { name: "A", metric: "system_cpu_usage_percent", threshold: { above: 90 }, ...entry };
  const { alerting } = resolveOptions(
    { alerts: [rule as AlertRule] },
    { environment: {}, readFile: () => "", warn: (it) => expect.unreachable(it) },
  );
  return alerting.alerts[0];
}

it.each<[Partial<AlertRule>, boolean]>([
  [{}, true],
  [{ onGrowth: false }, false],
  [{ on: "level" }, false],
  [{ on: "both" }, false],
  [{ metric: "ai_cloud_tokens_today" }, false],
  [{ metric: "ai_cloud_tokens_today", onGrowth: true }, true],
])("an alert with %j looks at growth: %s", (entry, onGrowth) => {
  expect(resolved(entry)?.onGrowth).toBe(onGrowth);
});
