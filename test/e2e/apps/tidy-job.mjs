// A job with a way of its own to end: it takes its time over the signal, and says when it is through.
import { metrics } from "@opentelemetry/api";

const rows = metrics.getMeter("job").createCounter("job.rows");
rows.add(40);
setInterval(() => {}, 60_000);
process.once("SIGTERM", () => {
  setTimeout(() => {
    rows.add(2);
    console.log("tidied up");
    process.exit(3);
  }, 300);
});
console.log("job waits");
