import { PassThrough } from "node:stream";
import { ClaudeAgentSdkObserver } from "../../../src/observe/claude-agent-sdk/claude-agent-sdk.ts";
import {
  answer,
  FakeModule,
  type FakeQuery,
  init,
  type Params,
  result,
} from "../claude-agent-sdk/fake-sdk.ts";
import { type Framework, type Script, searchOf, Turns } from "./script.ts";

/** The SDK begins to read from Claude Code, and to run the tools of the application, inside `query()`. */
class EagerModule extends FakeModule {
  constructor(script: Script) {
    const messages = new PassThrough({ objectMode: true });
    super(async function* () {
      yield* messages;
    });
    const { query } = this;
    this.query = (params: Params) => {
      const made = query(params as never) as FakeQuery;
      work(script, made, messages).catch((error: Error) => messages.destroy(error));
      return made;
    };
  }
}

async function work(script: Script, query: FakeQuery, messages: PassThrough): Promise<void> {
  const turns = new Turns(script);
  const search = searchOf(script);
  script.signal?.addEventListener("abort", () =>
    messages.destroy(Object.assign(new Error("aborted"), { name: "AbortError" })),
  );
  messages.write(init);
  while ((await turns.next()) === "call") {
    messages.write(answer(turns.callId));
    const call = { tool_use_id: turns.callId, tool_name: "search", tool_input: turns.input };
    await query.hook("PreToolUse", call);
    const how = await search().then(
      () => ({ event: "PostToolUse", error: undefined }),
      (error) => ({ event: "PostToolUseFailure", error }),
    );
    await query.hook(how.event, { ...call, error: how.error && String(how.error) });
  }
  messages.write(answer("last"));
  messages.end(result());
}

/** A stand-in for the SDK: the tests of apps have the real one. */
export function claudeAgentSdk(): Framework {
  let observer: ClaudeAgentSdkObserver | undefined;
  return {
    title: "Claude Agent SDK",
    observe(bench) {
      const started = new ClaudeAgentSdkObserver(bench.work);
      observer = started;
      return {
        stop: () => {
          started.stop();
          observer = undefined;
        },
      };
    },
    async run(script) {
      const sdk = new EagerModule(script);
      observer?.join(sdk);
      const abortController = script.signal && { signal: script.signal };
      for await (const _ of sdk.run("Go.", { agent: script.agent, abortController }));
    },
    runOtherCopy(script) {
      // Each run has a module of its own.
      return this.run(script);
    },
    meetUnknownVersion: (bench) => new ClaudeAgentSdkObserver(bench.work).join({}),
    cannot: { stream: "each query is a stream" },
  };
}
