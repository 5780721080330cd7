// An app whose /metrics has more than 6 MB: more than the system buffers for a client that does not read.
import { metrics } from "@opentelemetry/api";

const SERIES = 400;
const LABELS = 10;
const LABEL_LENGTH = 1000;

const text = "x".repeat(LABEL_LENGTH);
const wide = Object.fromEntries(Array.from({ length: LABELS }, (_, index) => [`text_${index}`, text]));
const gauge = metrics.getMeter("wide").createGauge("wide.level");
for (let index = 0; index < SERIES; index += 1) gauge.record(index, { ...wide, index });
setInterval(() => {}, 60_000);
