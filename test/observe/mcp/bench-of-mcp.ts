import { McpObserver, type ProtocolClass } from "../../../src/observe/mcp/mcp-observer.ts";
import type { OperationLogOptions, TaskWork } from "../../../src/observe/mcp/operation-log.ts";
import type { McpOperation, McpSession } from "../../../src/observe/work/standard-metrics.ts";
import { WorkBench } from "../bench-of-work.ts";

type Side = "client" | "server";

/** A pipeline, what is recorded into it of clients and servers, and what the standard metrics are told. */
export class McpBench extends WorkBench {
  readonly operations: Record<string, unknown>[] = [];
  readonly sessions: Record<string, unknown>[] = [];
  readonly observer: McpObserver;
  readonly said: string[] = [];

  constructor(protocols: readonly object[], metrics?: OperationLogOptions["metrics"]) {
    super();
    const { work, said } = this;
    const observed: TaskWork = {
      beginTask: (agentName, taskType) => work.beginTask(agentName, taskType),
      isToolOpen: (toolName) => work.isToolOpen(toolName),
      logOnce: (what) => said.push(what),
    };
    this.observer = new McpObserver({
      work: observed,
      metrics: metrics ?? {
        mcpOperation: (side, seconds, told) => this.operations.push({ side, seconds, ...known(told) }),
        mcpSession: (side, seconds, told) => this.sessions.push({ side, seconds, ...known(told) }),
      },
      skips: this.harness.pipeline.skips,
      elapsedMillis: this.harness.world.elapsedMillis,
    });
    for (const protocol of protocols) this.observer.join(protocol as ProtocolClass);
  }

  /** What the standard metrics were told of a method. */
  told(side: Side, method: string): Record<string, unknown>[] {
    return this.operations.filter((it) => it.side === side && it.method === method);
  }
}

function known(told: McpOperation | McpSession): Record<string, unknown> {
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
}
