// Takes 42 orders, and its agent carries out one task; then it waits until it is stopped.
const { metrics, trace } = require("@opentelemetry/api");

metrics.getMeter("shop").createCounter("shop.orders").add(42);
const attributes = { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "planner" };
trace.getTracer("shop").startSpan("invoke_agent planner", { attributes }).end();
console.log("shop open");
setInterval(() => {}, 1000);
