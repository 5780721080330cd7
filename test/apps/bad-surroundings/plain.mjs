import { metrics } from "@opentelemetry/api";
import { seen } from "./shared/work.mjs";

metrics.getMeter("app").createCounter("app.units").add(3);
await seen();
