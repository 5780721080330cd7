// What every app here does for an order: it counts it, and its agent has a task. An app that nobody ends ends by itself.
const { metrics, trace } = require("@opentelemetry/api");

const LONGEST_LIFE_MILLIS = 600_000;
const AGENT = { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "planner" };

setTimeout(() => process.exit(3), LONGEST_LIFE_MILLIS).unref();

const orders = metrics.getMeter("shop").createCounter("shop.orders");

/** Gives the process that has taken the order. */
exports.takeOrder = () => {
  orders.add(1);
  trace.getTracer("shop").startSpan("invoke_agent planner", { attributes: AGENT }).end();
  return String(process.pid);
};
