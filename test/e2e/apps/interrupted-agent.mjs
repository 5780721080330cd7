// An agent on a command line: Ctrl+C ends its task, and not the agent.
import { metrics } from "@opentelemetry/api";

const steps = metrics.getMeter("agent").createCounter("agent.steps");
steps.add(1);
setInterval(() => {}, 60_000);
process.on("SIGINT", () => {
  setTimeout(() => {
    steps.add(1);
    console.log("task ended");
  }, 500);
});
console.log("agent waits");
