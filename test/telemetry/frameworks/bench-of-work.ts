import { vi } from "vitest";
import type { AgentPerformance } from "../../../src/agents/performance.ts";
import { AgentWork } from "../../../src/telemetry/frameworks/agent-work.ts";
import { Harness } from "../../pipeline/harness.ts";

/** A pipeline and what is recorded into it of agents in frameworks. */
export class WorkBench {
  readonly harness = new Harness();
  readonly work: AgentWork;

  constructor() {
    const { pipeline, world } = this.harness;
    this.work = new AgentWork({
      recorder: pipeline.recorder,
      defaultAgentName: "the-process",
      expiryMillis: pipeline.options.expiryMillis,
      now: world.now,
      elapsedMillis: world.elapsed,
    });
  }

  of(agentName: string): AgentPerformance {
    return this.harness.pipeline.book.performance(agentName, this.harness.world.now());
  }

  get agentNames(): string[] {
    return this.harness.pipeline.book.agentNames.toSorted();
  }

  /** The end of streamed work is told a few turns after the stream has run dry. */
  settled(agentName: string): Promise<void> {
    return vi.waitFor(() => {
      if (this.of(agentName).activeTasks > 0) throw new Error(`${agentName} is still at work`);
    });
  }
}
