// Runs the product's own code over generated series, and writes what the gate would be shown of each, what
// every method of `auto` forecast, and what came.
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { parseArgs } from "node:util";
import { members } from "../src/forecast/combination/members.ts";
import { ConformalIntervals } from "../src/forecast/conformal-intervals.ts";
import { fitAuto } from "../src/forecast/fit-auto.ts";
import { countValid } from "../src/forecast/gaps.ts";
import { gateRows, measureOf } from "../src/forecast/gate/gate-rows.ts";
import { rowInputs, writeRowInputs } from "../src/forecast/gate/row-inputs.ts";
import { SERIES_INPUTS, writeSeriesInputs } from "../src/forecast/gate/series-inputs.ts";
import { scaledFromFirstValid, scalingOf } from "../src/forecast/scaling.ts";
import { findSeasons } from "../src/forecast/seasons/find-seasons.ts";
import { stillnessOf } from "../src/forecast/still-model.ts";
import { memberHash } from "../src/weights/member-hash.ts";
import { generatedSeries } from "./series-file.mjs";

const help = `node training/export.mjs SERIES RECORDS

SERIES    the path of generated series, without its ending: SERIES.bin and SERIES.json are read
RECORDS   the path of the records, without its ending: RECORDS.bin and RECORDS.json are written`;

/** Rows of a record: horizons 1, 2, 4, ... 256, 360. */
const ROWS = 10;
/** Steps at which each row is compared with what came. */
const TARGETS = 3;
const META = 4;
const OFFSETS = 4;
const ROW_INPUTS = rowInputs(members.length);
const WIDTH =
  META + SERIES_INPUTS + ROWS * (ROW_INPUTS + members.length + TARGETS * (members.length + 2) + OFFSETS + 1);
const FEWEST_POINTS = 12;
/** The season of one series in so many is named. */
const NAMED_SEASON = 6;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { help: { type: "boolean", default: false } },
});
if (values.help || positionals.length !== 2) console.log(help);
else exportAll(...positionals);

function exportAll(from, to) {
  const { kinds, generator } = JSON.parse(readFileSync(`${from}.json`, "utf8"));
  const file = openSync(`${to}.bin`, "w");
  let read = 0;
  let count = 0;
  for (const series of generatedSeries(`${from}.bin`)) {
    // Few name the season of a series, and they know it.
    const record = recordOf(read % NAMED_SEASON === 0 ? series : { ...series, season: 0 });
    read++;
    if (record === undefined) continue;
    writeSync(file, new Uint8Array(record.buffer));
    count++;
    if (count % 5000 === 0) console.error(`${count} records`);
  }
  closeSync(file);
  const shape = {
    globalInputs: SERIES_INPUTS,
    rowInputs: ROW_INPUTS,
    rows: ROWS,
    targets: TARGETS,
    members: members.length,
  };
  const header = { format: 1, memberHash, ...shape, count, kinds, generator };
  writeFileSync(`${to}.json`, `${JSON.stringify(header)}\n`);
}

/** `undefined` for a series that the gate is never asked about. */
function recordOf({ history, future, stepSeconds, season, kind }) {
  if (countValid(history) < FEWEST_POINTS || stillnessOf(history) !== undefined) return undefined;
  const scaling = scalingOf(history);
  const scaled = {
    values: scaledFromFirstValid(history, scaling),
    stepSeconds,
    ...(season > 0 && { season }),
  };
  const { patterns } = findSeasons(scaled);
  const seasonAt = (step) =>
    patterns.reduce((sum, { pattern, period }) => sum + pattern[(step - 1) % period], 0);
  const record = new Float32Array(WIDTH);
  const fields = fieldsOf(record);
  let measure;
  let rows;
  const { fitted, errors } = fitAuto(scaled, future.length, {
    judge: (facts) => (evidence) => {
      measure = measureOf(evidence);
      rows = gateRows(evidence).slice(0, ROWS);
      writeEvidence(evidence, { facts, measure, rows, horizonSteps: future.length }, fields);
      return undefined;
    },
  });
  fields.meta.set([kind, history.length, future.length, rows.length]);
  const intervals = new ConformalIntervals(errors, countValid(scaled.values));
  const inUnits = (value) => (value - measure.last) / measure.unit;
  for (const [index, { horizon }] of rows.entries()) {
    const { lower95, lower80, upper80, upper95 } = intervals.at(horizon);
    const offsets = [lower95, lower80, upper80, upper95].map((offset) => offset / measure.unit);
    fields.offsets.set(offsets, index * OFFSETS);
    for (const [target, step] of targetsOf(rows, index, future.length).entries()) {
      const at = index * TARGETS + target;
      if (step === undefined) continue;
      fields.actual[at] = inUnits(scaling.scale(future[step - 1]) - seasonAt(step));
      const asked = Math.min(step, rows.at(-1).horizon);
      fields.ofAuto[at] = inUnits(fitted.at(asked) - seasonAt(asked));
    }
  }
  return record;
}

/** The steps that a row is compared at: its own, one before it, and for the last row one beyond. */
function targetsOf(rows, index, futureSteps) {
  const { horizon } = rows[index];
  const before = rows[index - 1]?.horizon ?? 0;
  const between = Math.round((before + horizon) / 2);
  const beyond = index === rows.length - 1 ? Math.min(futureSteps, 2 * horizon) : horizon;
  return [horizon, between < horizon ? between : undefined, beyond > horizon ? beyond : undefined];
}

function writeEvidence(evidence, { facts, measure, rows, horizonSteps }, fields) {
  writeSeriesInputs(evidence.values, measure, facts, fields.series);
  fields.actual.fill(Number.NaN);
  for (const [index, { row, horizon }] of rows.entries()) {
    const inputs = fields.rows.subarray(index * ROW_INPUTS, (index + 1) * ROW_INPUTS);
    writeRowInputs(evidence, { row, horizon, measure }, inputs);
    fields.weights.set(evidence.weights[row], index * members.length);
    fields.scale[index] = evidence.usualErrors[row] / measure.unit;
    for (const [target, step] of targetsOf(rows, index, horizonSteps).entries()) {
      if (step === undefined) continue;
      const asked = Math.min(step, rows.at(-1).horizon);
      for (let member = 0; member < members.length; member++)
        fields.forecasts[(index * TARGETS + target) * members.length + member] =
          (evidence.forecastAt(member, asked) - measure.last) / measure.unit;
    }
  }
}

function fieldsOf(record) {
  let from = 0;
  const take = (width) => {
    from += width;
    return record.subarray(from - width, from);
  };
  return {
    meta: take(META),
    series: take(SERIES_INPUTS),
    rows: take(ROWS * ROW_INPUTS),
    weights: take(ROWS * members.length),
    forecasts: take(ROWS * TARGETS * members.length),
    actual: take(ROWS * TARGETS),
    offsets: take(ROWS * OFFSETS),
    ofAuto: take(ROWS * TARGETS),
    scale: take(ROWS),
  };
}
