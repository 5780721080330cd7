import { fitModel } from "../../build/src/forecast/fit-model.js";
import { seededRandom } from "../harness/statistics.mjs";

/** Series of the kinds that agents have. */
const kinds = {
  "random walk": (random) => {
    let level = 50;
    return () => {
      level += random() * 4 - 2;
      return level;
    };
  },
  "daily season": (random) => (index) => 50 + 20 * Math.sin((index / 96) * 2 * Math.PI) + random() * 5,
  ramp: (random) => (index) => index * 0.1 + random(),
  "near constant": (random) => () => (random() < 0.02 ? 2 : 1),
  counts: (random) => () => Math.floor(random() ** 6 * 20),
};

/**
 * @param history the number of points; `horizon` the steps ahead; `fits` the fits of each kind in
 * one measurement
 */
export async function setup({ history, horizon, fits }) {
  const random = seededRandom(1);
  const next = () =>
    Object.values(kinds).flatMap((kind) =>
      Array.from({ length: fits }, () =>
        Float64Array.from({ length: history }, (_, index) => kind(random)(index)),
      ),
    );
  return async () => {
    const all = next();
    const options = { method: "auto", bounds: {}, horizonSteps: horizon };
    const fitting = cpuMillis(() => all.map((values) => fitModel({ values, stepSeconds: 10 }, options)));
    const models = fitting.result.map(({ model }) => model);
    const updating = cpuMillis(() => {
      for (const model of models) model.update(1);
    });
    const predicting = cpuMillis(() => {
      for (const model of models) model.predict(horizon);
    });
    return {
      fitMillis: fitting.millis / all.length,
      updateMicros: (updating.millis * 1000) / all.length,
      predictMicros: (predicting.millis * 1000) / all.length,
    };
  };
}

function cpuMillis(work) {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return { result, millis: (user + system) / 1000 };
}
