// An agent that makes spans of the GenAI conventions through the OpenTelemetry API, and knows nothing of otel-forecast.
// With SDK=late it sets up tracing itself, with a tracer that it has used before, and samples nothing.
import { SpanStatusCode, trace } from "@opentelemetry/api";

const tracer = trace.getTracer("framework");

function span(name, attributes, work, errorType) {
  return tracer.startActiveSpan(name, async (one) => {
    await work?.();
    // Attributes come late.
    one.setAttributes(attributes);
    if (errorType !== undefined) {
      one.setAttribute("error.type", errorType);
      one.setStatus({ code: SpanStatusCode.ERROR });
    }
    one.end();
  });
}

const operation = (name, rest) => ({ "gen_ai.operation.name": name, ...rest });
const agent = (name) => operation("invoke_agent", { "gen_ai.agent.name": name });
const tool = (name, errorType) =>
  span(`execute_tool ${name}`, operation("execute_tool", { "gen_ai.tool.name": name }), undefined, errorType);
const usage = { "gen_ai.usage.input_tokens": 100, "gen_ai.usage.output_tokens": 20 };
const chat = () =>
  span("chat m", operation("chat", { "gen_ai.request.model": "m", "gen_ai.provider.name": "p", ...usage }));

async function work() {
  await span("invoke_agent planner", agent("planner"), async () => {
    await chat();
    await tool("search", "TimeoutError");
    await tool("search");
    await span("invoke_agent critic", agent("critic"), chat, "RateLimitError");
  });
}

if (process.env.SDK === "late") {
  await work();
  const { NodeSDK } = await import("@opentelemetry/sdk-node");
  const { AlwaysOffSampler, SimpleSpanProcessor, ConsoleSpanExporter } = await import(
    "@opentelemetry/sdk-trace"
  );
  const spanProcessors = [new SimpleSpanProcessor({ exporter: new ConsoleSpanExporter() })];
  new NodeSDK({ sampler: new AlwaysOffSampler(), spanProcessors, metricReaders: [] }).start();
}
await work();
const hasDelegate = trace.getTracerProvider().getDelegate().constructor.name;
console.log(`worked with ${hasDelegate}`);
setInterval(() => {}, 1000);
