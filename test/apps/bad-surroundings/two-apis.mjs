// A library has a copy of the API of its own.
import { metrics, trace } from "@opentelemetry/api";
import { metrics as otherMetrics, trace as otherTrace } from "other-api";
import { seen } from "./shared/work.mjs";

metrics.getMeter("app").createCounter("app.units").add(3);
otherMetrics.getMeter("library").createCounter("library.units").add(4);
for (const api of [trace, otherTrace]) api.getTracer("app").startSpan("app.work").end();
await seen();
