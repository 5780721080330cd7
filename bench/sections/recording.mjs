import { contest, ratio } from "../harness/contest.mjs";
import { printTable } from "../harness/table.mjs";

const contenders = {
  "Histogram.record, delta exponential reader": "histogram, delta exponential",
  "Histogram.record, cumulative explicit reader": "histogram, cumulative explicit",
  "prom-client observe": "prom-client",
  "monitor.recordTaskResult": "recordTask",
  "agent.task(), synchronous": "task",
};

/** The cost of recording a task, compared to a histogram with the same attributes and reader. */
export async function recording({ isQuick }) {
  const tasks = isQuick ? 20_000 : 100_000;
  const measured = await contest(
    Object.fromEntries(
      Object.entries(contenders).map(([name, kind]) => [
        name,
        { module: "recording", setup: { kind, tasks } },
      ]),
    ),
    isQuick ? 5 : 9,
  );
  const [baseline] = Object.keys(contenders);
  printTable(
    "Recording a task (20 agents, 5 task types, a tenth fail): CPU time for one",
    ["", "ns", "ratio"],
    Object.keys(contenders).map((name) => [
      name,
      measured[name].nanos,
      ratio(measured[name], measured[baseline], "nanos"),
    ]),
  );
}
