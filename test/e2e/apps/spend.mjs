// An agent named planner spends 120 tokens, as its spans report.
import { trace } from "@opentelemetry/api";

const usage = { "gen_ai.usage.input_tokens": 100, "gen_ai.usage.output_tokens": 20 };

export function spend() {
  const tracer = trace.getTracer("framework");
  tracer.startActiveSpan("invoke_agent planner", (agent) => {
    agent.setAttributes({ "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "planner" });
    tracer.startActiveSpan("chat m", (chat) => {
      chat.setAttributes({ "gen_ai.operation.name": "chat", "gen_ai.request.model": "m", ...usage });
      chat.end();
    });
    agent.end();
  });
}
