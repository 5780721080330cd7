import type { DescribedGateway } from "../../described-gateway.ts";
import { GATEWAY } from "../../metric-names.ts";
import { ALERT_PREFIX, type RuleContext } from "../rule-context.ts";
import type { AlertingRule } from "../rule-file.ts";

const RANGE = "10m";
const SUSTAINED = "15m";

/** Alerts on a gateway that reads from Kafka. */
export function kafkaAlerts({ runbook }: RuleContext, { settings }: DescribedGateway): AlertingRule[] {
  if (settings.receivers.kafka === undefined) return [];
  return [
    {
      alert: `${ALERT_PREFIX}GatewayKafkaLagging`,
      // After a start there is much to read, which is right as long as it gets less.
      expr: [
        `min_over_time(${GATEWAY.kafkaLag}[${RANGE}]) > 0`,
        `and delta(${GATEWAY.kafkaLag}[${RANGE}]) > 0`,
      ].join("\n"),
      for: SUSTAINED,
      keep_firing_for: SUSTAINED,
      labels: { severity: "warning" },
      annotations: {
        summary: "A gateway reads from Kafka more slowly than is written",
        description:
          "{{ $labels.instance }} of {{ $labels.job }} is {{ $value | humanize }} records behind in partition " +
          "{{ $labels.partition }}, and falls further behind. Its forecasts are made of old points.",
        runbook_url: runbook("gateway-kafka-lagging"),
      },
    },
  ];
}
