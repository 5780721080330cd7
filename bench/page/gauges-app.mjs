// An app with many gauges, which `long-look.mjs` looks at. Run it with `--import otel-forecast/register`.
import { metrics } from "@opentelemetry/api";
import { seriesKinds } from "../harness/series-kinds.mjs";
import { seededRandom } from "../harness/statistics.mjs";

const SERIES_OF_METRIC = 1000;
const series = Number(process.argv[2]);
const random = seededRandom(1);
const kinds = Object.values(seriesKinds);
const meter = metrics.getMeter("gauges");

for (let first = 0; first < series; first += SERIES_OF_METRIC) {
  const length = Math.min(SERIES_OF_METRIC, series - first);
  const values = Array.from({ length }, (_, index) => kinds[index % kinds.length](random));
  const labels = Array.from({ length }, (_, index) => ({ part: `part-${index}` }));
  let reads = 0;
  meter.createObservableGauge(`app_level_${first / SERIES_OF_METRIC}`).addCallback((result) => {
    reads += 1;
    for (const [index, value] of values.entries()) result.observe(value(reads), labels[index]);
  });
}
setInterval(() => {}, 60_000);
