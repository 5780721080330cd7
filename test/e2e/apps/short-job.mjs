// A job that counts what it did and is done.
import { metrics } from "@opentelemetry/api";

metrics.getMeter("job").createCounter("job.rows").add(42);
console.log("job done");
