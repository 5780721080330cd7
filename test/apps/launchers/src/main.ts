// The same as agent.cjs, in TypeScript.
import { metrics, trace } from "@opentelemetry/api";

const orders: number = 42;
metrics.getMeter("shop").createCounter("shop.orders").add(orders);
const attributes = { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "planner" };
trace.getTracer("shop").startSpan("invoke_agent planner", { attributes }).end();
console.log("shop open");
setInterval(() => {}, 1000);
