// An agent that spends 120 tokens a hundred times a second, and measures many series.
// It ends as its argument says, where it has one.
import { metrics } from "@opentelemetry/api";
import { spend } from "./spend.mjs";

const gauge = metrics.getMeter("app").createGauge("app.load");
for (let worker = 0; worker < 200; worker += 1) gauge.record(Math.random(), { worker: String(worker) });
spend();

const endings = {
  exit: () => process.exit(3),
  throw: () => {
    throw new Error("the agent has failed");
  },
  reject: () => Promise.reject(new Error("the agent has failed")),
  handler: () => {
    process.on("SIGTERM", () => process.exit(4));
    process.kill(process.pid, "SIGTERM");
  },
  SIGHUP: () => process.kill(process.pid, "SIGHUP"),
  SIGTERM: () => process.kill(process.pid, "SIGTERM"),
};
const ending = process.argv[2];
if (ending === undefined) setInterval(spend, 10);
else process.stdin.once("data", () => endings[ending]());
