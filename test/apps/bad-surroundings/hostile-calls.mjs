// Calls the API of OpenTelemetry with whatever there is, and says how often which call has thrown.
import { context, metrics, propagation, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { seen } from "./shared/work.mjs";

const CALLS = Number(process.env.CALLS ?? 20_000);
const fail = () => {
  throw new Error("hostile");
};
const cyclic = {};
cyclic.self = cyclic;
const revoked = Proxy.revocable({}, {});
revoked.revoke();

const VALUES = [
  ...[undefined, null, true, 0, -1, 1.5, NaN, Infinity, -Infinity, 10n, Symbol("s"), "", "name", "a.b"],
  ...["__proto__", "constructor", "\ud800", '\u0000\n"\\', "x".repeat(10_000), "é".repeat(300)],
  ...[{}, [], cyclic, Object.create(null), new Date(NaN), new Map(), Promise.resolve(), new Error("e")],
  ...[() => {}, fail, async () => {}, class {}],
  ...[{ toString: fail }, { valueOf: fail }, { toJSON: fail }, { [Symbol.toPrimitive]: fail }],
  ...[
    { id: 10n },
    { id: null },
    { id: Symbol() },
    { id: cyclic },
    { id: "x".repeat(10_000) },
    { id: [1, "a"] },
  ],
  {
    get id() {
      return fail();
    },
  },
  new Proxy({}, { get: fail, ownKeys: fail, has: fail, getPrototypeOf: fail }),
  revoked.proxy,
  { advice: null },
  { advice: { explicitBucketBoundaries: [3, 1, NaN] } },
  { valueType: 7, unit: {} },
  { attributes: { "gen_ai.operation.name": "chat", "gen_ai.agent.name": cyclic, id: 10n } },
  { attributes: { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "x".repeat(10_000) } },
  { links: [null], kind: 99, startTime: "never", root: 1 },
  { code: 2, message: cyclic },
  { code: 9 },
];

// mulberry32: a small generator of random numbers, so that both runs make the same calls.
let state = Number(process.env.SEED ?? 1);
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const pick = (values) => values[Math.floor(random() * values.length)];
const any = () => pick(VALUES);

const meter = metrics.getMeter("app");
const tracer = trace.getTracer("app");
const made = {
  counter: meter.createCounter("c"),
  upDown: meter.createUpDownCounter("u"),
  gauge: meter.createGauge("g"),
  histogram: meter.createHistogram("h"),
  observable: meter.createObservableGauge("o"),
  span: tracer.startSpan("s"),
};
meter.createObservableGauge("app.good").addCallback((result) => result.observe(3));

const CREATORS = [
  "Counter",
  "UpDownCounter",
  "Gauge",
  "Histogram",
  "ObservableGauge",
  "ObservableCounter",
  "ObservableUpDownCounter",
];
const KINDS = {
  getMeter: () => metrics.getMeter(any(), any(), any()).createCounter("n").add(any()),
  create: () =>
    metrics
      .getMeter("app")
      [`create${pick(CREATORS)}`](random() < 0.5 ? any() : `i${Math.floor(random() * 50)}`, any()),
  add: () => made.counter.add(any(), any(), any()),
  addUpDown: () => made.upDown.add(any(), any(), any()),
  recordGauge: () => made.gauge.record(any(), any(), any()),
  recordHistogram: () => made.histogram.record(any(), any(), any()),
  addCallback: () => made.observable.addCallback(any()),
  addThrowing: () => {
    const what = any();
    made.observable.addCallback(() => {
      throw what;
    });
  },
  addRejecting: () => {
    const what = any();
    made.observable.addCallback(async () => {
      throw what;
    });
  },
  addObserving: () => {
    const [value, labels] = [any(), any()];
    made.observable.addCallback((result) => result.observe(value, labels));
  },
  removeCallback: () => made.observable.removeCallback(any()),
  batch: () => meter.addBatchObservableCallback(any(), random() < 0.5 ? any() : [made.observable, any()]),
  removeBatch: () => meter.removeBatchObservableCallback(any(), any()),
  getTracer: () => trace.getTracer(any(), any(), any()).startSpan("n").end(),
  startSpan: () => {
    made.span = tracer.startSpan(any(), any(), random() < 0.3 ? ROOT_CONTEXT : undefined);
  },
  activeSpan: () => tracer.startActiveSpan(any(), (span) => span.end(any())),
  activeSpanOf: () => tracer.startActiveSpan(any(), any(), (span) => span.end()),
  setAttribute: () => made.span.setAttribute(any(), any()),
  setAttributes: () => made.span.setAttributes(any()),
  addEvent: () => made.span.addEvent(any(), any(), any()),
  addLink: () => made.span.addLink(any()),
  addLinks: () => made.span.addLinks(any()),
  setStatus: () => made.span.setStatus(any()),
  updateName: () => made.span.updateName(any()),
  recordException: () => made.span.recordException(any(), any()),
  end: () => made.span.end(any()),
  spanContext: () => made.span.spanContext(),
  inject: () => propagation.inject(ROOT_CONTEXT, any(), random() < 0.5 ? undefined : { set: any() }),
  extract: () => propagation.extract(ROOT_CONTEXT, any()),
  contextWith: () => context.with(pick([ROOT_CONTEXT, undefined, null]), () => {}),
  contextBind: () => context.bind(ROOT_CONTEXT, any()),
};
const names = Object.keys(KINDS);
const thrown = {};
process.on("uncaughtException", (error) => console.log("UNCAUGHT", error));
process.on("unhandledRejection", (error) => console.log("UNHANDLED", error));
for (let call = 0; call < CALLS; call += 1) {
  const name = pick(names);
  try {
    KINDS[name]();
  } catch (error) {
    thrown[name] = (thrown[name] ?? 0) + 1;
    if (process.env.VERBOSE) console.error(name, error?.stack);
  }
  if (call % 1000 === 0) await new Promise(setImmediate);
}
console.log(JSON.stringify(thrown));
await seen();
process.exit(0);
