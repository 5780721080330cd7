import { DiagLogLevel, diag } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ForecastPaths } from "../../../src/gateway/outputs/forecast-paths.ts";
import {
  RemoteWriteOutput,
  type RemoteWriteOutputOptions,
} from "../../../src/gateway/outputs/remote-write.ts";
import type { RemoteWriteTarget } from "../../../src/gateway/outputs/write-target.ts";
import { ForecastProducer } from "../../../src/otel/forecast-producer.ts";
import { MetricsSerializer } from "../../../src/prometheus/serialize.ts";
import { freePort } from "../../e2e/harness/free-ports.ts";
import { eventually, until } from "../../eventually.ts";
import { Harness, SECOND } from "../../run/harness.ts";
import { MINUTE, NOW, pathOf, sourceOf } from "./paths.ts";
import { WriteSink } from "./write-sink.ts";

const logger = { error: vi.fn(), warn: vi.fn(), info: vi.fn(), debug: vi.fn(), verbose: vi.fn() };
const observer = { sent: vi.fn(), dropped: vi.fn() };
const GAUGE = { unit: "", description: "", type: "gauge" } as const;

let sink: WriteSink;
let url: string;
let output: RemoteWriteOutput;
let now: number;
let producer: ForecastProducer;

function outputTo(
  target: Partial<RemoteWriteTarget> = {},
  options: Partial<RemoteWriteOutputOptions> = {},
): void {
  output = new RemoteWriteOutput({
    targets: [{ url, ...target }],
    producer,
    paths: sourceOf(),
    observer,
    now: () => now,
    firstWaitMillis: 1,
    ...options,
  });
}

/** Samples that arrived, in their order. */
const arrived = () => sink.arrived.flatMap(({ samples }) => samples);
const logged = () => [...logger.warn.mock.calls, ...logger.error.mock.calls].map(([text]) => String(text));

beforeEach(async () => {
  vi.clearAllMocks();
  diag.setLogger(logger, { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true });
  sink = new WriteSink();
  url = await sink.start();
  now = NOW;
  producer = new ForecastProducer(() => now);
});

afterEach(async () => {
  await output?.shutdown();
  await sink.stop();
  diag.disable();
});

describe("what is written", () => {
  it("are the series of the page, with the time of now", async () => {
    const harness = new Harness({ horizons: ["1m"], collectionIntervalMillis: 10 * SECOND });
    const meter = harness.application().getMeter("app");
    const gauge = meter.createGauge("queue.depth", { unit: "By" });
    const waits = meter.createHistogram("wait", { unit: "s" });
    await harness.ticks(30, (tick) => {
      gauge.record(tick, { "queue.name": 'a "b"', empty: "" });
      waits.record(tick / 10, { le: "x" });
      harness.pipeline.recordAgent({ agentName: "a", memoryUsage: 5 });
    });
    producer = harness.pipeline.producer;
    now = harness.world.millis;
    outputTo();
    await output.push();
    await until(() => sink.arrived.length === 1);
    const { resourceMetrics } = await producer.collect();
    const page = Buffer.concat(await new MetricsSerializer().serialize([resourceMetrics])).toString();
    const lines = page.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    expect(lines.length).toBeGreaterThan(20);
    expect(lines.some((line) => line.startsWith("queue_depth_bytes_predicted{"))).toBe(true);
    expect(lines.some((line) => /_bucket\{.*le="\+Inf"\} /.test(line))).toBe(true);
    expect(
      arrived()
        .map(([series, , value]) => `${series} ${value}`)
        .toSorted(),
    ).toEqual(
      lines
        .map((line) => line.replaceAll('\\"', '"'))
        .map(sortedLabels)
        .toSorted(),
    );
    expect(new Set(arrived().map(([, at]) => at))).toEqual(new Set([now]));
    expect(observer.sent.mock.calls).toEqual([[lines.length]]);
  });

  it("has the mark of an end where a series is published no longer", async () => {
    outputTo();
    const a = producer.series({ ...GAUGE, name: "a" }, { x: "1" });
    const b = producer.series({ ...GAUGE, name: "b" }, {});
    a.put(1);
    b.put(2);
    await output.push();
    a.remove();
    now += SECOND;
    await output.push();
    now += SECOND;
    await output.push();
    await until(() => sink.arrived.length === 3);
    expect(sink.arrived.map(({ samples }) => samples)).toEqual([
      [
        ['a{x="1"}', NOW, 1],
        ["b", NOW, 2],
      ],
      [
        ["b", NOW + SECOND, 2],
        ['a{x="1"}', NOW + SECOND, "end"],
      ],
      [["b", NOW + 2 * SECOND, 2]],
    ]);
  });

  it("has no point twice, and no forecast that is no number", async () => {
    outputTo();
    producer.series({ ...GAUGE, name: "a" }, { "x.y": "1" }).put(1);
    producer.series({ ...GAUGE, name: "a" }, { x_y: "1" }).put(2);
    producer.series({ ...GAUGE, name: "b" }, {}).put(Number.NaN);
    producer.series({ ...GAUGE, name: "b", scope: "app" }, { of: "app" }).put(Number.NaN);
    await output.push();
    await until(() => sink.arrived.length === 1);
    expect(arrived()).toEqual([
      ['a{x_y="1"}', NOW, 1],
      ['b{of="app"}', NOW, Number.NaN],
    ]);
  });

  it("is sent in requests of limited size", async () => {
    outputTo();
    for (let index = 0; index < 12_000; index += 1)
      producer.series({ ...GAUGE, name: "a" }, { i: String(index) }).put(index);
    await output.push();
    await until(() => sink.arrived.length === 3);
    expect(sink.arrived.map(({ samples }) => samples.length)).toEqual([5000, 5000, 2000]);
    expect(new Set(arrived().map(([series]) => series)).size).toBe(12_000);
  });

  it("has the headers of the protocol, those that were given, and the login of the address", async () => {
    outputTo({ url: url.replace("://", "://me%40x:s%3Acret@"), headers: { "X-Scope-OrgID": "a" } });
    producer.series({ ...GAUGE, name: "a" }, {}).put(1);
    await output.push();
    await until(() => sink.arrived.length === 1);
    expect(sink.arrived[0]).toMatchObject({
      path: "/api/v1/write",
      headers: {
        "content-encoding": "snappy",
        "content-type": "application/x-protobuf",
        "x-prometheus-remote-write-version": "0.1.0",
        "x-scope-orgid": "a",
        authorization: `Basic ${Buffer.from("me@x:s:cret").toString("base64")}`,
      },
    });
  });

  it("has a bearer token in place of the login of the address", async () => {
    outputTo({ url: url.replace("://", "://me:secret@"), headers: { Authorization: "Bearer t" } });
    producer.series({ ...GAUGE, name: "a" }, {}).put(1);
    await output.push();
    await until(() => sink.arrived.length === 1);
    expect(sink.arrived[0]?.headers.authorization).toBe("Bearer t");
  });
});

describe("the paths of a target that wants the future", () => {
  const paths = sourceOf(pathOf("load", { job: "a" }, [1, 2, 3]));

  it("are written at their own times, as far as it wants them", async () => {
    outputTo({ future: 2 * MINUTE }, { paths });
    await output.push();
    await until(() => sink.arrived.length === 1);
    expect(arrived()).toEqual([
      ['load{forecast="path",job="a"}', NOW + MINUTE, 1],
      ['load{forecast="path",job="a"}', NOW + 2 * MINUTE, 2],
      ['load{forecast="lower",job="a",level="0.8"}', NOW + MINUTE, 0],
      ['load{forecast="lower",job="a",level="0.8"}', NOW + 2 * MINUTE, 1],
      ['load{forecast="upper",job="a",level="0.8"}', NOW + MINUTE, 2],
      ['load{forecast="upper",job="a",level="0.8"}', NOW + 2 * MINUTE, 3],
    ]);
  });

  it("are written from time to time, and only from now on", async () => {
    outputTo({ future: 60 * MINUTE }, { paths, pathIntervalMillis: 2 * MINUTE });
    for (let minute = 0; minute < 4; minute += 1) {
      await output.push();
      now += MINUTE;
    }
    await until(() => sink.arrived.length === 2);
    expect(sink.arrived.map(({ samples }) => samples.length)).toEqual([9, 3]);
  });

  it("are not written to others", async () => {
    outputTo({}, { paths });
    producer.series({ ...GAUGE, name: "a" }, {}).put(1);
    await output.push();
    await until(() => sink.arrived.length === 1);
    expect(arrived()).toEqual([["a", NOW, 1]]);
  });

  it("are those of the engine", async () => {
    const harness = new Harness({ horizons: ["1m"], collectionIntervalMillis: 10 * SECOND });
    const gauge = harness.application().getMeter("app").createGauge("load");
    await harness.ticks(30, (tick) => gauge.record(tick));
    now = harness.world.millis;
    const { engine } = harness.pipeline;
    outputTo({ future: 60 * MINUTE }, { paths: new ForecastPaths(() => engine.forecasters) });
    await output.push();
    await until(() => sink.arrived.length === 1);
    const line = arrived().filter(([series]) => series === 'load{forecast="path"}');
    expect(line.at(-1)).toEqual([
      'load{forecast="path"}',
      now + MINUTE,
      await harness.value("load_predicted", { horizon: "1m" }),
    ]);
  });
});

describe("a target that does not take everything", () => {
  const put = (value: number) => producer.series({ ...GAUGE, name: "a" }, {}).put(value);

  /** Writes one sample for each number, a second apart. */
  async function push(...values: number[]): Promise<void> {
    const series = producer.series({ ...GAUGE, name: "a" }, {});
    for (const value of values) {
      series.put(value);
      now += SECOND;
      await output.push();
    }
  }

  it.each([500, 503, 429])("gets the same again after %i, and what follows in its order", async (status) => {
    sink.answer = (response, count) => {
      response.statusCode = count < 3 ? status : 204;
      response.end();
    };
    outputTo();
    await push(1, 2);
    await until(() => sink.arrived.length === 4);
    expect(arrived().map(([, , value]) => value)).toEqual([1, 1, 1, 2]);
    await until(() => observer.sent.mock.calls.length === 2);
    expect(observer.dropped).not.toHaveBeenCalled();
    expect(logged()).toHaveLength(1);
    expect(logged()[0]).toContain(`remote write to ${url}: it answered ${status}; it is tried again`);
    expect(logger.info.mock.calls.map(String).join()).toContain("it answers again");
  });

  it("waits as long as it asks", async () => {
    let first = 0;
    sink.answer = (response, count) => {
      if (count === 1) {
        first = performance.now();
        response.setHeader("retry-after", "1");
      }
      response.statusCode = count === 1 ? 503 : 204;
      response.end();
    };
    outputTo();
    await push(1);
    await until(() => sink.arrived.length === 2);
    expect(performance.now() - first).toBeGreaterThanOrEqual(990);
  });

  it("gets it when it begins to listen", async () => {
    const port = await freePort();
    outputTo({ url: `http://127.0.0.1:${port}/api/v1/write` });
    await push(1);
    await eventually(() => expect(logged().join()).toContain("there is no answer (ECONNREFUSED)"));
    expect(observer.sent).not.toHaveBeenCalled();
    const late = new WriteSink();
    await late.start(port);
    await until(() => late.arrived.length === 1);
    await late.stop();
  });

  it("loses what it refuses, which is counted, and logged once with its answer", async () => {
    sink.answer = (response, count) => {
      response.statusCode = count < 3 ? 400 : 204;
      response.end(`out of order sample ${"x".repeat(1000)}`);
    };
    outputTo();
    await push(1, 2, 3);
    await until(() => observer.sent.mock.calls.length === 1);
    expect(arrived().map(([, , value]) => value)).toEqual([1, 2, 3]);
    expect(observer.dropped.mock.calls).toEqual([
      ["rejected", 1],
      ["rejected", 1],
    ]);
    expect(logged()).toHaveLength(1);
    expect(logged()[0]).toContain("it answered 400: out of order sample xxx");
    expect(logged()[0]?.length).toBeLessThan(500);
  });

  it("is not followed elsewhere", async () => {
    sink.answer = (response) => {
      response.statusCode = 307;
      response.setHeader("location", url);
      response.end();
    };
    outputTo();
    await push(1);
    await until(() => observer.dropped.mock.calls.length === 1);
    expect(sink.arrived).toHaveLength(1);
    expect(logged()[0]).toContain("it answered 307, and redirects are not followed");
  });

  it("gets no answer in time, and the same again", async () => {
    sink.answer = (response, count) => {
      if (count === 1) return;
      response.statusCode = 204;
      response.end();
    };
    outputTo({ timeoutMillis: 50 });
    await push(1);
    await until(() => observer.sent.mock.calls.length === 1);
    expect(logged()[0]).toContain("there is no answer (TimeoutError)");
  });

  it("makes the oldest leave when too many wait", async () => {
    let isUp = false;
    sink.answer = (response) => {
      response.statusCode = isUp ? 204 : 503;
      response.end();
    };
    outputTo({}, { maxQueueBytes: 100 });
    await push(...Array.from({ length: 30 }, (_, index) => index));
    isUp = true;
    await until(() => observer.sent.mock.calls.length > 0 && arrived().at(-1)?.[2] === 29);
    await until(() => observer.sent.mock.calls.length + observer.dropped.mock.calls.length === 30);
    expect(observer.dropped.mock.calls.every(([reason]) => reason === "queue_full")).toBe(true);
    expect(observer.dropped.mock.calls.length).toBeGreaterThan(20);
    expect(logged().filter((line) => line.includes("more than 100 bytes wait"))).toHaveLength(1);
  });

  it("does not hold up another one", async () => {
    const other = new WriteSink();
    const otherUrl = await other.start();
    sink.answer = () => {};
    output = new RemoteWriteOutput({
      targets: [{ url }, { url: otherUrl }],
      producer,
      paths: sourceOf(),
      observer,
    });
    put(1);
    await output.push();
    await until(() => observer.sent.mock.calls.length === 1);
    expect(other.arrived).toHaveLength(1);
    await other.stop();
  });

  it("is given up within two seconds at the end", async () => {
    sink.answer = () => {};
    outputTo();
    await push(1, 2);
    await until(() => sink.arrived.length === 1);
    const begun = performance.now();
    await output.shutdown();
    expect(performance.now() - begun).toBeLessThan(2000);
    expect(observer.dropped.mock.calls).toEqual([
      ["shutdown", 1],
      ["shutdown", 1],
    ]);
    await push(3);
    expect(observer.dropped).toHaveBeenCalledTimes(3);
  });

  it("gets what waits at the end, without the wait for a retry", async () => {
    sink.answer = (response, count) => {
      response.statusCode = count === 1 ? 503 : 204;
      response.end();
    };
    outputTo({}, { firstWaitMillis: 60_000 });
    await push(1, 2);
    await eventually(() => expect(logged()).toHaveLength(1));
    await output.shutdown();
    expect(arrived().map(([, , value]) => value)).toEqual([1, 1, 2]);
    expect(observer.sent).toHaveBeenCalledTimes(2);
  });
});

describe("options", () => {
  it.each([
    [{ url: "prometheus:9090" }, "url is no address that begins with http:// or https://"],
    [{ url: "http://a:%ff@b" }, "the user or the password in url is not percent-encoded"],
    [{ url: "http://a", timeoutMillis: 0 }, "timeoutMillis is 0, expected more than 0 ms"],
    [{ url: "http://a", future: -1 }, "future is -1, expected 0 ms or more"],
  ])("are refused: %o", (target, message) => {
    expect(() => outputTo(target)).toThrow(`otel-forecast: remoteWrite: ${message}`);
  });

  it("are not in the log if they are secret", async () => {
    sink.answer = (response) => {
      response.statusCode = 401;
      response.end();
    };
    outputTo({ url: `${url.replace("://", "://me:secret@")}?token=secret` });
    producer.series({ ...GAUGE, name: "a" }, {}).put(1);
    await output.push();
    await until(() => observer.dropped.mock.calls.length === 1);
    expect(sink.arrived[0]?.path).toBe("/api/v1/write?token=secret");
    expect(logged().join()).toContain("/api/v1/write: it answered 401");
    expect(logged().join()).not.toContain("secret");
  });

  it("may name no target", async () => {
    output = new RemoteWriteOutput({ targets: [], producer, paths: sourceOf(), observer });
    await output.push();
    expect(sink.arrived).toEqual([]);
  });
});

/** A line of a page with its labels in the order of their names, as messages have them. */
function sortedLabels(line: string): string {
  return line.replace(
    /\{(.*)\}/,
    (_, inner: string) =>
      `{${inner
        .split(/,(?=\w+=)/)
        .toSorted()
        .join(",")}}`,
  );
}
