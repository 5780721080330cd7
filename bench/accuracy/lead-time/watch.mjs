import { Harness, World } from "../../../test/run/harness.ts";

/** Every series is scaled so that this is its limit. */
export const limit = 100;

/**
 * Runs series through the whole pipeline with its alerts, on a simulated clock, and returns for each series its
 * values and its alarms: {alert, from, to} in ticks; `to` is absent for one that still fires at the end.
 */
export async function watch({
  series,
  ticks,
  intervalSeconds,
  startHour = 9,
  alerts,
  isDailyTotal = false,
  ...options
}) {
  const world = new World();
  world.millis += startHour * 3_600_000;
  const view = `views: [{ instrument: watched, number: level, bounds: { lower: 0 }, dailyTotal: ${isDailyTotal} }]`;
  const rules = alerts.map((rule) => ({ metric: "watched", threshold: { above: limit }, ...rule }));
  const harness = new Harness(
    {
      ...{
        horizons: ["5m", "1h"],
        collectionIntervalMillis: intervalSeconds * 1000,
        alerts: rules,
      },
      ...{ configFile: "watched.yaml", ...options },
    },
    world,
    view,
    console.error,
  );
  const gauge = harness.application().getMeter("watched").createGauge("watched");
  const watched = series.map((valueAt, run) => ({ valueAt, run: String(run), values: [], alarms: [] }));
  await harness.ticks(ticks, (tick) => {
    noteAlarms(harness, watched, tick - 1);
    for (const { valueAt, values, run } of watched) {
      values.push(valueAt(tick));
      gauge.record(values[tick], { run });
    }
  });
  noteAlarms(harness, watched, ticks - 1);
  return watched;
}

function noteAlarms(harness, watched, tick) {
  const firing = new Set();
  for (const { name, labels } of harness.pipeline.alerting.alerts({ state: "firing" })) {
    const { alarms } = watched[Number(labels.run)];
    const open = alarms.find((alarm) => alarm.alert === name && alarm.to === undefined);
    firing.add(open ?? alarms[alarms.push({ alert: name, from: tick, to: undefined }) - 1]);
  }
  for (const { alarms } of watched)
    for (const alarm of alarms) if (alarm.to === undefined && !firing.has(alarm)) alarm.to = tick;
}
