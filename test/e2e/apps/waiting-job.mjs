// A job that counts what it did, then waits for a signal that it leaves to Node.
import { metrics } from "@opentelemetry/api";

metrics.getMeter("job").createCounter("job.rows").add(42);
setInterval(() => {}, 60_000);
console.log("job waits");
