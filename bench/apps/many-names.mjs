// An app that invents names of one kind, in real time and with default options. Sends its address to its parent, which
// scrapes it, and at its end what its process needed.
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { MetricsCollector, PerformanceMonitor } from "otel-forecast";
import { letters } from "./letters.mjs";

const TURN_MILLIS = 20;
const SAMPLE_MILLIS = 500;
/** Agents that have many names between them. */
const AGENTS = 20;

const kind = process.argv[2];
const [names, arrivalSeconds, seconds, intervalMillis] = process.argv.slice(3).map(Number);
const options = { port: 0, collectionIntervalMillis: intervalMillis };
/** @type {any} Each kind calls what its class has. */
const monitor =
  kind === "agents, numbers by hand" ? new MetricsCollector(options) : new PerformanceMonitor(options);

const agentOf = (number) => `agent ${number % AGENTS}`;
const task = (number, more) => ({
  ...{
    taskId: `task ${number}`,
    agentName: agentOf(number),
    taskType: "answer",
    success: true,
    executionTime: 0.5,
  },
  ...more,
});
const failure = (number, more) => ({
  ...{
    failureId: `failure ${number}`,
    agentName: agentOf(number),
    failureType: "crash",
    recoveryAction: "restart",
  },
  ...{ success: true, recoveryTime: 1, ...more },
});
const attributesOf = (number) => ({ id: `it ${number}` });
const meter = () => monitor.meterProvider.getMeter("app");

/** What makes the name of a number, by kind. */
const kinds = {
  "no names": () => () => {},
  agents: () => (number) => monitor.recordTaskResult(task(number, { agentName: `agent ${number}` })),
  "task types": () => (number) => monitor.recordTaskResult(task(number, { taskType: `type ${number}` })),
  "error types": () => (number) =>
    monitor.recordTaskResult(task(number, { success: false, errorType: `${letters(number)}Error` })),
  "failure types": () => (number) =>
    monitor.recordFailureRecovery(failure(number, { failureType: `failure ${number}` })),
  "recovery actions": () => (number) =>
    monitor.recordFailureRecovery(failure(number, { recoveryAction: `action ${number}` })),
  "failures without a recovery": () => (number) =>
    monitor.recordFailureRecovery(failure(number, { success: false })),
  "agents, numbers by hand": () => (number) =>
    monitor.recordAgentMetrics({ agentName: `agent ${number}`, cpuUsage: 50, latencyP95: 1 }),
  "agents in spans": () => {
    const provider = new TracerProvider({ spanProcessors: [monitor.spanProcessor()] });
    const tracer = provider.getTracer("app");
    return (number) => {
      const attributes = { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": `agent ${number}` };
      tracer.startSpan("invoke_agent", { attributes }).end();
    };
  },
  "attribute sets of a counter": () => {
    const counter = meter().createCounter("app.counter");
    return (number) => counter.add(1, attributesOf(number));
  },
  "attribute sets of a histogram": () => {
    const histogram = meter().createHistogram("app.histogram");
    return (number) => histogram.record(number % 100, attributesOf(number));
  },
  "attribute sets of a gauge": () => {
    const gauge = meter().createGauge("app.gauge");
    return (number) => gauge.record(number % 100, attributesOf(number));
  },
  "attribute sets of an observable gauge": () => {
    let [from, to] = [0, 0];
    meter()
      .createObservableGauge("app.observable")
      .addCallback((result) => {
        for (; from < to; from += 1) result.observe(from % 100, attributesOf(from));
      });
    return (number) => {
      to = number + 1;
    };
  },
};

await monitor.start();
process.send?.({ url: monitor.url });
const add = kinds[kind]();
const startedAt = performance.now();
let [come, most] = [0, 0];
setInterval(arrive, TURN_MILLIS);
setInterval(sample, SAMPLE_MILLIS);
setTimeout(end, seconds * 1000);

/** Adds the names that are due by now. */
function arrive() {
  const share = Math.min(1, (performance.now() - startedAt) / 1000 / arrivalSeconds);
  for (; come < share * names; come += 1) add(come);
}

function sample() {
  most = Math.max(most, process.memoryUsage.rss());
}

function end() {
  sample();
  const { rss, heapUsed, external } = process.memoryUsage();
  process.send?.({ most, rss, usedBytes: heapUsed + external });
}
