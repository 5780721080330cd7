// Does what is seen under Node without a word: answers requests, runs a graph, and makes garbage. Then hands over the class by
// which graphs are seen, and runs another one: when that is shown, whatever is shown of the rest is shown as well.
import { createServer } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { CallbackManager } from "@langchain/core/callbacks/manager";
import { Annotation, StateGraph } from "@langchain/langgraph";
import { observeClass } from "otel-forecast";
import { seen } from "./shared/seen.mjs";

const server = createServer((_, response) => response.end("answer"));
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
await ask(server.address().port);
server.close();
if (globalThis.Deno !== undefined) {
  const own = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => new Response("answer"));
  await ask(own.addr.port);
  await own.shutdown();
}

for (let round = 0; round < 50; round += 1) {
  new Array(1e6).fill({ round });
  await pause(1);
}

await run("before");
observeClass("langchain", CallbackManager);
await run("after");
await seen();
process.exit(0);

async function ask(port) {
  await (await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: "close" } })).text();
}

async function run(name) {
  const State = Annotation.Root({ steps: Annotation() });
  const graph = new StateGraph(State)
    .addNode("step", async ({ steps }) => ({ steps: steps + 1 }))
    .addEdge("__start__", "step")
    .addEdge("step", "__end__")
    .compile({ name });
  await graph.invoke({ steps: 0 });
}
