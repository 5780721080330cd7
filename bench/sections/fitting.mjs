import { contest } from "../harness/contest.mjs";
import { printTable, whole } from "../harness/table.mjs";

const sizes = [
  { history: 240, horizon: 32, fits: 10 },
  { history: 240, horizon: 288, fits: 10 },
  { history: 1000, horizon: 288, fits: 4 },
];
const cases = [0, 2000].flatMap((before) => sizes.map((size) => ({ ...size, before })));

/**
 * The time in which the method `auto` selects and fits a model, and the cost of a tick after that.
 */
export async function fitting({ isQuick }) {
  const named = (it) =>
    `${it.history} points, ${it.horizon} steps ahead${it.before > 0 ? `, after ${whole(it.before)} fits` : ""}`;
  const measured = await contest(
    Object.fromEntries(
      cases.map((it) => [named(it), { module: "fitting", setup: isQuick ? { ...it, fits: 2 } : it }]),
    ),
    isQuick ? 3 : 7,
  );
  printTable(
    "A forecast by the method auto, mean of five kinds of series: CPU time",
    ["", "fit ms", "update us", "predict the path us"],
    Object.entries(measured).map(([name, it]) => [name, it.fitMillis, it.updateMicros, it.predictMicros]),
  );
}
