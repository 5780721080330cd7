import { observeClass } from "../../../src/index.ts";
import { McpObserver, type ProtocolClass } from "../../../src/observe/mcp/mcp-observer.ts";
import type { WorkBench } from "../bench-of-work.ts";
import { protocols, type Sdk, sdks } from "../mcp/sdks.ts";
import { type Framework, searchOf } from "./script.ts";

interface Registry {
  registerTool(name: string, config: object, run: () => Promise<object>): unknown;
}

function observerOf(bench: WorkBench): McpObserver {
  return new McpObserver({
    work: bench.work,
    metrics: { mcpOperation: () => {}, mcpSession: () => {} },
    skips: bench.harness.pipeline.skips,
    elapsedMillis: bench.harness.world.elapsedMillis,
  });
}

/** A server whose tool is called as often as a script says. Each call is a task. */
export function mcpOf(sdk: Sdk): Framework {
  return {
    title: `MCP, ${sdk.title}`,
    observe(bench) {
      const observer = observerOf(bench);
      for (const protocol of protocols) observer.join(protocol as ProtocolClass);
      return observer;
    },
    observeBundled(bench) {
      const observer = observerOf(bench);
      observer.start();
      for (const protocol of protocols) observeClass("mcp", protocol as never);
      return observer;
    },
    classes: protocols as readonly { readonly prototype: object }[],
    async run(script) {
      const search = searchOf(script);
      const fill = <Server extends object>(server: Server): Server => {
        (server as unknown as Registry).registerTool("search", {}, async () => {
          await search();
          return { content: [{ type: "text", text: "found" }] };
        });
        return server;
      };
      const client = await sdk.connect({ fill } as never, { client: "the client", server: script.agent });
      for (const _ of script.tools ?? [])
        await client.callTool("search", script.signal && { signal: script.signal });
      await client.close();
    },
    runOtherCopy: (script) => mcpOf(sdks.find((other) => other !== sdk) as Sdk).run(script),
    meetUnknownVersion: (bench) => observerOf(bench).join({} as ProtocolClass),
    cannot: {
      "tool failure and recovery": "a call of a tool is a task: no run survives its failure",
      "provider error": "a server has no model",
      stream: "a tool has one answer",
    },
  };
}

export const mcp: readonly Framework[] = sdks.map(mcpOf);
