import { AcpObserver, CONNECTION } from "../../../src/observe/acp/acp.ts";
import { addLoadedClass } from "../../../src/observe/work/loaded-class.ts";
import { connect, connectionClass } from "../acp/acp-sdk.ts";
import { type Framework, type Script, searchOf } from "./script.ts";

/** An agent that reports each call of its tool, and stops as the script says. */
async function run(script: Script): Promise<void> {
  const search = searchOf(script);
  const peers = await connect(script.agent, async ({ update }) => {
    for (const [index] of (script.tools ?? []).entries()) {
      const call = { toolCallId: `call-${index}`, title: "Searches.", kind: "search" };
      const rawInput = { query: script.queries?.[index] ?? "weather" };
      await update({ sessionUpdate: "tool_call", ...call, status: "in_progress", rawInput });
      const status = await search().then(
        () => "completed",
        () => "failed",
      );
      await update({ sessionUpdate: "tool_call_update", toolCallId: call.toolCallId, status });
    }
    if (script.failure !== undefined) throw script.failure;
    return { stopReason: script.signal?.aborted === true ? "cancelled" : "end_turn" };
  });
  script.signal?.addEventListener("abort", () => void peers.cancel());
  try {
    await peers.prompt();
  } finally {
    peers.close();
  }
}

export const acp: Framework = {
  title: "ACP",
  observe(bench) {
    const observer = new AcpObserver(bench.work);
    observer.start();
    addLoadedClass(CONNECTION, connectionClass());
    return observer;
  },
  run,
  classes: [connectionClass() as { readonly prototype: object }],
  meetUnknownVersion: (bench) => new AcpObserver(bench.work).join({} as never),
  cannot: {
    "loaded twice": "the class is not exported; a test of apps loads it",
    stream: "a prompt has one answer",
  },
};
