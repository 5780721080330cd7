import { FrameworkWork } from "../../src/observe/work/framework-work.ts";
import { digestOf } from "../../src/observe/work/repeated-calls.ts";
import { Runtime } from "../../src/run/runtime.ts";

/** Events between two collections: fewer than measurements are held. */
const HELD = 1000;
const usage = { input: 20, output: 5, cachedInput: 0 };
const model = "small";

/** What we do for an event, without the framework that reports it. */
const events = {
  run: (work) => () => work.begin("forecaster").end("success"),
  model: (work) => {
    const run = work.begin("forecaster");
    return () => {
      run.modelStarts(model)();
      run.modelEnded("success");
      run.modelAnswered(usage, { model, provider: "bench" });
    };
  },
  tool: (work) => {
    const run = work.begin("forecaster");
    return () => run.toolStarts("weather", digestOf({ city: "Oslo" }))("success");
  },
  provider: (work) => () =>
    work.beginModelCall({ model, provider: "bench" })?.ended({ outcome: "success" }, { usage, model }),
  task: (work) => () => work.beginTask("forecaster", "execute_tool weather")("success"),
};

/** @param event a key of `events`; `count` of them in one measurement */
export async function setup({ event, count }) {
  const runtime = new Runtime({ method: "naive", exporters: [], agentName: "forecaster" });
  const { pipeline, workLog: log, frameworkReports, standardMetrics } = runtime;
  const { elapsedMillis } = pipeline.surroundings;
  const work = new FrameworkWork({
    log,
    frameworkReports,
    skips: pipeline.skips,
    defaultAgentName: "forecaster",
    elapsedMillis,
  });
  const happen = events[event](work);
  return async () => {
    let micros = 0;
    for (let done = 0; done < count; done += HELD) {
      const before = process.cpuUsage();
      for (let one = 0; one < HELD; one += 1) happen();
      const { user, system } = process.cpuUsage(before);
      micros += user + system;
      standardMetrics.collectionStarted();
      standardMetrics.collectionEnded([]);
    }
    return { micros: micros / count };
  };
}
