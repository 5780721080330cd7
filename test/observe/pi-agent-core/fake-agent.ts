import { type Script, searchOf, TOKENS, Turns } from "../contract/script.ts";

type Emit = (event: object) => Promise<void>;

const USAGE = { input: TOKENS.input, output: TOKENS.output, cacheRead: 0, cacheWrite: 0, cost: { total: 0 } };

/** Runs an agent as that of pi-agent-core does, with the same events. */
export class FakeAgent {
  readonly seen: string[] = [];
  readonly state = { model: { id: "small" }, tools: [{ name: "search" }] };

  /** As that of the framework, it runs one script at a time. */
  async runWithLifecycle(execute: (emit: Emit) => Promise<void>): Promise<void> {
    await execute((event) => this.processEvents(event));
  }

  async processEvents(event: object): Promise<void> {
    this.seen.push((event as { readonly type: string }).type);
  }

  prompt(script: Script): Promise<void> {
    return this.runWithLifecycle((emit) => loop(script, emit));
  }
}

async function loop(script: Script, emit: Emit): Promise<void> {
  const turns = new Turns(script);
  const search = searchOf(script);
  const answer = (stopReason: string) => ({
    role: "assistant",
    stopReason,
    model: "small",
    provider: "scripted",
    usage: USAGE,
  });
  const say = async (stopReason: string) => emit({ type: "message_end", message: answer(stopReason) });
  const end = async (stopReason: string) => emit({ type: "agent_end", messages: [answer(stopReason)] });
  await emit({ type: "agent_start" });
  for (;;) {
    await emit({ type: "turn_start" });
    const turn = await turns.next().catch(() => "error");
    const reason = script.signal?.aborted === true ? "aborted" : turn === "call" ? "toolUse" : turn;
    await say(reason);
    if (reason !== "toolUse") return end(reason === "answer" ? "stop" : reason);
    const call = { toolCallId: turns.callId, toolName: "search" };
    await emit({ type: "tool_execution_start", ...call, args: turns.input });
    const isError = await search().then(
      () => false,
      () => true,
    );
    await emit({ type: "tool_execution_end", ...call, isError });
  }
}
