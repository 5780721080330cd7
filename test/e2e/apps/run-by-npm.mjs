// A job that a package manager starts, and that outlives it unless somebody ends it.
import { metrics } from "@opentelemetry/api";

metrics.getMeter("job").createCounter("job.rows").add(42);
setTimeout(() => {}, 600_000);
console.log(`job ${process.pid}`);
