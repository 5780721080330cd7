// An agent that spends 120 tokens once, and starts itself again as a child where PORT_OF_CHILD is given.
import { fork } from "node:child_process";
import { trace } from "@opentelemetry/api";

const tracer = trace.getTracer("framework");
const usage = { "gen_ai.usage.input_tokens": 100, "gen_ai.usage.output_tokens": 20 };

tracer.startActiveSpan("invoke_agent planner", (agent) => {
  agent.setAttributes({ "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "planner" });
  tracer.startActiveSpan("chat m", (chat) => {
    chat.setAttributes({ "gen_ai.operation.name": "chat", "gen_ai.request.model": "m", ...usage });
    chat.end();
  });
  agent.end();
});

const { PORT_OF_CHILD: port, ...env } = process.env;
if (port !== undefined) fork(import.meta.filename, { env: { ...env, OTEL_EXPORTER_PROMETHEUS_PORT: port } });
// A child ends with its parent, in good order.
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
setInterval(() => {}, 1000);
