import { GATEWAY } from "../metric-names.ts";
import { OF_JOB, RATE } from "./dashboard-context.ts";
import type { PanelSpec } from "./dashboard-spec.ts";
import { freshValues, lines } from "./line-panel.ts";

/** Whether a gateway keeps up with its topic, and whether the group is at rest. */
export function kafkaPanels(): PanelSpec[] {
  const rate = (metric: string): string => `sum by (instance) (rate(${metric}{${OF_JOB}}[${RATE}]))`;
  const inHour = (metric: string): string => `sum by (instance) (increase(${metric}{${OF_JOB}}[1h]))`;
  return [
    lines(
      "Not read yet",
      "Records of each partition. If they grow, more members are needed, or one hangs",
      "short",
      `max by (partition) (${freshValues(`${GATEWAY.kafkaLag}{${OF_JOB}}`)})`,
      "{{partition}}",
    ),
    lines("Records", "Records that were read", "count:records/s", rate(GATEWAY.kafkaRecords), "{{instance}}"),
    lines(
      "Commits in an hour",
      "Each after a save of the state. Without any, a restart reads much again",
      "short",
      inHour(GATEWAY.kafkaCommits),
      "{{instance}}",
    ),
    lines(
      "Rebalances in an hour",
      "Members that come and go again and again forecast nothing meanwhile",
      "short",
      inHour(GATEWAY.kafkaRebalances),
      "{{instance}}",
    ),
  ];
}
