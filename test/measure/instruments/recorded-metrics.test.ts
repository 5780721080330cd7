import { expect, it } from "vitest";
import { SkipLog } from "../../../src/logging/skip-log.ts";
import { RecordedMetrics } from "../../../src/measure/instruments/recorded-metrics.ts";

function recorded(maxLevels = 10) {
  const metrics = new RecordedMetrics({ maxLevels, namespace: "ai.cloud", skips: new SkipLog() });
  const cpu = (agentName: string, cpuUsage: number) => metrics.recordAgent({ agentName, cpuUsage });
  const collected = () =>
    metrics.collect().map(({ name, points }) => [name, points.map(({ labels, value }) => [labels, value])]);
  return { metrics, cpu, collected };
}

it("has the last number of each agent that was recorded since the last collection", () => {
  const { cpu, collected } = recorded();
  cpu("a", 1);
  cpu("b", 2);
  cpu("a", 3);
  const name = "ai.cloud.cpu.usage_percent";
  expect(collected()).toEqual([
    [
      name,
      [
        [{ agent: "a" }, 3],
        [{ agent: "b" }, 2],
      ],
    ],
  ]);
  cpu("b", 4);
  expect(collected()).toEqual([[name, [[{ agent: "b" }, 4]]]]);
  expect(collected()).toEqual([]);
  cpu("a", 5);
  expect(collected()).toEqual([[name, [[{ agent: "a" }, 5]]]]);
});

it("has one level for all beyond the limit, as the SDK has", () => {
  const { cpu, collected } = recorded(3);
  for (const [index, agent] of ["a", "b", "c", "d"].entries()) cpu(agent, index);
  expect(collected()[0]?.[1]).toEqual([
    [{ agent: "a" }, 0],
    [{ agent: "b" }, 1],
    [{ "otel.metric.overflow": "true" }, 3],
  ]);
});
