import * as realtime from "@openai/agents-realtime";
import { z } from "zod";
import {
  OpenAiRealtimeObserver,
  REALTIME_SESSION,
} from "../../../src/observe/openai-realtime/openai-realtime.ts";
import { addLoadedClass } from "../../../src/observe/work/loaded-class.ts";
import { FakeTransport } from "../openai-realtime/fake-transport.ts";
import { type Framework, type Script, searchOf, Turns } from "./script.ts";

type Copy = Pick<typeof realtime, "RealtimeSession">;

const { href: index } = new URL(import.meta.resolve("@openai/agents-realtime"));
const other = (await import(new URL("./realtimeSession.mjs?copy", index).href)) as Copy;

/** One turn: a person asks, and the agent answers, after as many tools as the script has. */
async function runBy({ RealtimeSession }: Copy, script: Script): Promise<void> {
  const { promise: over, resolve, reject } = Promise.withResolvers<void>();
  const turns = new Turns(script);
  const transport = new FakeTransport(async () => {
    try {
      const turn = await turns.next();
      if (turn === "call") return { calls: [{ name: "search", input: JSON.stringify(turns.input) }] };
      setImmediate(resolve);
      return {};
    } catch (error) {
      setImmediate(reject, error);
      return { status: "failed", code: (error as Error).name };
    }
  });
  const execute = searchOf(script);
  const search = realtime.tool({
    name: "search",
    description: "Searches.",
    parameters: z.object({ query: z.string() }),
    execute: async () => String(await execute()),
  });
  const agent = new realtime.RealtimeAgent({ name: script.agent, tools: [search] });
  const session = new RealtimeSession(agent, { transport, model: "small" });
  script.signal?.addEventListener("abort", () => {
    session.close();
    resolve();
  });
  await session.connect({ apiKey: "none" });
  session.sendMessage("Go.");
  await over;
  session.close();
}

export const openAiRealtime: Framework = {
  title: "OpenAI's realtime agents",
  observe(bench) {
    const observer = new OpenAiRealtimeObserver(bench.work);
    observer.start();
    for (const { RealtimeSession } of [realtime, other]) addLoadedClass(REALTIME_SESSION, RealtimeSession);
    return observer;
  },
  classes: [realtime.RealtimeSession, other.RealtimeSession],
  run: (script) => runBy(realtime, script),
  runOtherCopy: (script) => runBy(other, script),
  meetUnknownVersion: (bench) => new OpenAiRealtimeObserver(bench.work).join(class {}),
  cannot: { stream: "each answer is a stream" },
};
