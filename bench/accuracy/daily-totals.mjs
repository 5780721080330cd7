import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { syntheticUse } from "./synthetic-use.mjs";

/** Kinds of the benchmark's series that can be added up: what is used, sent or counted in each step. */
const KINDS = ["bytes", "rate", "count", "request_rate"];
const DAY_SECONDS = 86_400;
const HOUR_SECONDS = 3600;
const LONGEST_STEP = 1800;
const ORIGINS = [0.45, 0.6, 0.75, 0.9];

/** Series of use in each step: real ones from a folder of the benchmark, and made-up ones of the kinds that agents have. */
export function usesOf(folder) {
  return [...(folder === undefined ? [] : realUses(folder)), ...syntheticUse()];
}

function realUses(folder) {
  return readFileSync(resolve(folder, "series.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
    .filter(({ kind, step }) => KINDS.includes(kind) && step <= LONGEST_STEP)
    .map(({ id, source, step, values }) => ({ id, source, step, used: withoutGaps(values) }))
    .filter(({ used }) => used.every((value) => value >= 0));
}

function withoutGaps(values) {
  let last = 0;
  return values.map((value) => {
    last = value ?? last;
    return last;
  });
}

/** What is asked at each origin: a total over `history` steps, and what is used in the hour and half day after it. */
export function questionsFor(uses, history) {
  return uses.flatMap(({ id, source, step, used }) =>
    ORIGINS.map((share) => Math.floor(share * used.length))
      .filter((origin) => origin >= history)
      .flatMap((origin) =>
        [HOUR_SECONDS, DAY_SECONDS / 2]
          .map((ahead) => ({ ahead, steps: Math.round(ahead / step) }))
          .filter(({ steps }) => origin + steps <= used.length)
          .map(({ ahead, steps }) => ({
            id,
            source,
            step,
            ahead,
            steps,
            season: DAY_SECONDS / step,
            total: addedUp(used.slice(origin - history, origin)),
            came: used.slice(origin, origin + steps).reduce((sum, value) => sum + value, 0),
          })),
      ),
  );
}

function addedUp(used) {
  let sum = 0;
  return used.map((value) => {
    sum += value;
    return sum;
  });
}

/** Prometheus' `predict_linear` over the last hour: the least squares line, continued from now. */
export function predictLinear({ total, step, steps }) {
  const points = Math.min(total.length, Math.round(HOUR_SECONDS / step) + 1);
  const last = total.at(-1);
  let [x, y, xx, xy] = [0, 0, 0, 0];
  for (let back = 0; back < points; back++) {
    const value = total[total.length - 1 - back] - last;
    x -= back;
    y += value;
    xx += back * back;
    xy -= back * value;
  }
  const slope = (points * xy - x * y) / (points * xx - x * x);
  return (y - slope * x) / points + slope * steps;
}

/** The rate of the whole history goes on. */
export function meanRate({ total, steps }) {
  return ((total.at(-1) - total[0]) / (total.length - 1)) * steps;
}
