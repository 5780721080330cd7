// Three agents of one name spend 120 tokens each: in the process, in a child that then ends, and in
// a thread.
import { fork } from "node:child_process";
import { isMainThread, Worker } from "node:worker_threads";
import { trace } from "@opentelemetry/api";

const isChild = process.send !== undefined;
const usage = { "gen_ai.usage.input_tokens": 100, "gen_ai.usage.output_tokens": 20 };

trace.getTracer("framework").startActiveSpan("invoke_agent planner", (agent) => {
  agent.setAttributes({ "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "planner" });
  trace.getTracer("framework").startActiveSpan("chat m", (chat) => {
    chat.setAttributes({ "gen_ai.operation.name": "chat", "gen_ai.request.model": "m", ...usage });
    chat.end();
  });
  agent.end();
});

// A child ends with its parent, in good order.
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
setInterval(() => {}, 1000);
if (isMainThread && !isChild) {
  new Worker(new URL(import.meta.url));
  const child = fork(import.meta.filename);
  process.on("SIGUSR2", () => child.kill("SIGTERM"));
  child.once("exit", () => console.log("child ended"));
}
