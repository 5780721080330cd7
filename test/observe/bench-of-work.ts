import type { Histogram } from "@opentelemetry/sdk-metrics";
import type { AgentPerformance } from "../../src/agents/performance.ts";
import { FrameworkReports } from "../../src/observe/work/framework-reports.ts";
import { FrameworkWork } from "../../src/observe/work/framework-work.ts";
import { StandardMetrics } from "../../src/observe/work/standard-metrics.ts";
import { WorkLog } from "../../src/observe/work/work-log.ts";
import { eventually } from "../eventually.ts";
import { Harness } from "../run/harness.ts";

/** A pipeline and what is recorded into it of agents in frameworks. */
export class WorkBench {
  readonly harness = new Harness();
  readonly work: FrameworkWork;
  readonly log: WorkLog;
  readonly frameworkReports = new FrameworkReports(this.harness.world.elapsedMillis);

  constructor() {
    const { pipeline, world } = this.harness;
    const { skips } = pipeline;
    const { recorder, consumption, runs, provider } = pipeline.instruments;
    const { expiryMillis } = pipeline.options;
    const metrics = new StandardMetrics(() => provider.getMeter("standard"));
    pipeline.readers.listen(metrics);
    this.log = new WorkLog({ recorder, consumption, runs, metrics, skips, expiryMillis });
    this.work = new FrameworkWork({
      log: this.log,
      frameworkReports: this.frameworkReports,
      skips,
      defaultAgentName: "the-process",
      elapsedMillis: world.elapsedMillis,
    });
  }

  of(agentName: string): AgentPerformance {
    return this.harness.pipeline.instruments.book.performance(agentName, this.harness.world.now());
  }

  get agentNames(): string[] {
    return this.harness.pipeline.instruments.book.agentNames.toSorted();
  }

  /** What is recorded by the GenAI conventions: attributes, count and sum of each series, by Prometheus name. */
  async standard(): Promise<Record<string, object[]>> {
    await this.harness.ticks(2);
    const shown = [...(await this.harness.shown())].filter(([name]) => name.startsWith("gen_ai_"));
    return Object.fromEntries(
      shown.map(([name, points]) => [
        name,
        points.map(({ labels, value }) => {
          const { count, sum } = value as Histogram;
          return { ...labels, count, sum };
        }),
      ]),
    );
  }

  /** The end of streamed work is told a few turns after the stream has run dry. */
  settled(agentName: string): Promise<void> {
    return eventually(() => {
      if (this.of(agentName).activeTasks > 0) throw new Error(`${agentName} is still at work`);
    });
  }
}
