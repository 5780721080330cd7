// A job with a way of its own to end: it takes its time over the signal, and says when it is through.
import { metrics } from "@opentelemetry/api";

metrics.getMeter("job").createCounter("job.rows").add(40);
setInterval(() => {}, 60_000);
process.once("SIGTERM", () => {
  setTimeout(() => {
    console.log("tidied up");
    process.exit(3);
  }, 300);
});
console.log("job waits");
