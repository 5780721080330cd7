import { published, SimulatedEngine } from "../harness/engine.mjs";

/**
 * The scrapes of a recording with new forecasts: the values that were recorded go through the engine again, with the
 * forecast interval of the self-healing example if they come once a second. Bounds are guessed from the names.
 */
export async function replayed(scrapes, { horizons, method }) {
  const everyMillis = 1000 * Math.max(1, Math.round(scrapes.at(-1).at / Math.max(1, scrapes.length - 1)));
  const pace = everyMillis > 1000 ? {} : { forecastIntervalMillis: 15_000 };
  const engine = new SimulatedEngine({ collectionIntervalMillis: everyMillis, method, ...pace });
  const horizonsOf = horizonsByMetric(scrapes, horizons);
  const replay = [];
  for (const [number, { at, samples }] of scrapes.entries()) {
    const measured = samples.filter(({ name }) => horizonsOf.has(name));
    const values = measured.map(({ name, labels, value }) => ({
      ...{ metric: name, labels, value },
      bounds: boundsOf(name),
      horizons: horizonsOf.get(name),
    }));
    // The scrapes of a recording have some jitter, which the collections of a process do not have.
    const made = await engine.take(values, Date.UTC(2026, 0, 5, 9) + number * everyMillis);
    const fresh = new Set(measured.map(({ name, labels }) => JSON.stringify([name, labels])));
    const current = made.filter(({ metricName, labels }) => fresh.has(JSON.stringify([metricName, labels])));
    replay.push({ at, samples: [...measured, ...current.flatMap(published)] });
  }
  return replay;
}

function horizonsByMetric(scrapes, given) {
  const found = new Map();
  for (const { name, labels } of scrapes.flatMap(({ samples }) => samples)) {
    const metric = /^(.*)_predicted$/.exec(name)?.[1];
    if (metric === undefined) continue;
    const horizons = found.get(metric) ?? [];
    if (!horizons.includes(labels.horizon)) horizons.push(labels.horizon);
    found.set(metric, horizons);
  }
  if (given !== undefined) for (const metric of found.keys()) found.set(metric, given);
  return found;
}

function boundsOf(metric) {
  if (/success_rate|failure_rate|_ratio/.test(metric)) return { lower: 0, upper: 1 };
  return metric.endsWith("_percent") ? { lower: 0, upper: 100 } : { lower: 0 };
}
