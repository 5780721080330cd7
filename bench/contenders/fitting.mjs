import { fitModel } from "../../build/src/forecast/fit-model.js";
import { seriesKinds } from "../harness/series-kinds.mjs";
import { seededRandom } from "../harness/statistics.mjs";

/**
 * @param history the number of points; `horizon` the steps ahead; `fits` the fits of each kind in
 * one measurement; `before` how many models the process has fitted before: Node compiles what runs often
 */
export async function setup({ history, horizon, fits, before = 0 }) {
  const random = seededRandom(1);
  const next = () =>
    Object.values(seriesKinds).flatMap((kind) =>
      Array.from({ length: fits }, () =>
        Float64Array.from({ length: history }, (_, index) => kind(random)(index)),
      ),
    );
  const options = { method: "auto", bounds: {}, horizonSteps: horizon };
  const fitted = () => next().map((values) => fitModel({ values, stepSeconds: 10 }, options));
  for (let done = 0; done < before; ) done += fitted().length;
  return async () => {
    const all = next();
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
