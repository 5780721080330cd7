import { contest, ratio } from "../harness/contest.mjs";
import { printTable } from "../harness/table.mjs";

const contenders = {
  "Histogram.record, delta exponential reader": "histogram, delta exponential",
  "Histogram.record, cumulative explicit reader": "histogram, cumulative explicit",
  "prom-client observe": "prom-client",
  "monitor.recordTaskResult": "recordTask",
  "agent.task(), synchronous": "task",
};

const ofApplication = {
  "without us, with PrometheusExporter": "application, PrometheusExporter",
  "with us, with our endpoint": "application, beside us",
};

/**
 * The cost of recording a task, compared to a histogram with the same attributes and reader, and the
 * cost of the application's own histogram with us and without us.
 */
export async function recording({ isQuick }) {
  await print("Recording a task", contenders, isQuick);
  await print("The application's own Histogram.record", ofApplication, isQuick);
}

async function print(what, contenders, isQuick) {
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
    `${what} (20 agents, 5 task types, a tenth fail): CPU time for one`,
    ["", "ns", "ratio"],
    Object.keys(contenders).map((name) => [
      name,
      measured[name].nanos,
      ratio(measured[name], measured[baseline], "nanos"),
    ]),
  );
}
