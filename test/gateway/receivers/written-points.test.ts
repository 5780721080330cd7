import { beforeEach, describe, expect, it } from "vitest";
import { MAX_LABEL_LENGTH } from "../../../src/core/short-name.ts";
import { atOnce, type Steps } from "../../../src/core/yielding-runner.ts";
import { WrittenPoints } from "../../../src/gateway/receivers/written-points.ts";
import { readWriteRequest, type WriteRequest } from "../../../src/wire/remote/write-request.ts";
import { bytesOf, field, textField } from "../../wire/remote/bytes-of.ts";
import { RecordedIntake } from "./recorded-intake.ts";
import { contentOf, requestOf, type Written } from "./written.ts";

let intake: RecordedIntake;
let dropped: Record<string, number>;
let now: number;
let points: WrittenPoints;
let cuts = 0;

function pointsWithin(limits: { maxKnownSeries?: number; maxBuckets?: number } = {}): WrittenPoints {
  return new WrittenPoints({
    maxKnownSeries: 100,
    maxBuckets: 100,
    expiryMillis: 60_000,
    ...limits,
    intake,
    now: () => now,
    onDropped: (reason, samples) => {
      dropped[reason] = (dropped[reason] ?? 0) + samples;
    },
    onCut: () => {
      cuts += 1;
    },
  });
}

beforeEach(() => {
  intake = new RecordedIntake();
  dropped = {};
  cuts = 0;
  now = 1_000_000;
  points = pointsWithin();
});

const taken = (content: WriteRequest) => atOnce(points.take(content));
const take = (written: Written) => taken(contentOf(written));

describe("long texts", () => {
  const LONG = "x".repeat(100_000);

  it("of labels and names are cut, and stay different", () => {
    take({
      [`m{a="${LONG}1",b="c"}`]: { 10: 1 },
      [`m{a="${LONG}2",b="c"}`]: { 10: 2 },
      [`${LONG}`]: { 10: 3 },
    });
    expect(intake.streams.map(({ points: [point] }) => point?.value)).toEqual([1, 2, 3]);
    const [first, second, third] = intake.streams;
    expect(first?.labels.a).not.toBe(second?.labels.a);
    expect(first?.labels.b).toBe("c");
    expect(cuts).toBe(3);
    const texts = [first?.labels.a, second?.labels.a, third?.header.name];
    for (const text of texts) expect(text?.length).toBeLessThanOrEqual(MAX_LABEL_LENGTH);
  });

  it("of metadata are cut", () => {
    taken({ series: [], metadata: [{ family: "m", type: "gauge", help: LONG, unit: "" }] });
    take({ m: { 10: 1 } });
    expect(intake.streams[0]?.header.description.length).toBeLessThanOrEqual(MAX_LABEL_LENGTH);
  });
});

describe("numbers", () => {
  it("keep their name, labels, values and times", () => {
    expect(take({ 'temperature{room="a",floor="1"}': { 10: 1.5, 20: -2 } })).toEqual({
      samples: 2,
      problem: undefined,
    });
    expect(intake.streams).toEqual([
      {
        header: {
          scope: "",
          name: "temperature",
          unit: "",
          description: "",
          kind: "gauge",
          temporality: "cumulative",
        },
        labels: { room: "a", floor: "1" },
        points: [
          { at: 10, value: 1.5 },
          { at: 20, value: -2 },
        ],
      },
    ]);
  });

  it("are counters or gauges by their names", () => {
    const written = {
      temperature: { 1: 1 },
      jobs_total: { 1: 1 },
      rpc_seconds_count: { 1: 1, 2: 2 },
      rpc_seconds_sum: { 1: 1, 2: 2 },
      'odd_bucket{color="red"}': { 1: 1 },
      'odd_bucket{le="wide"}': { 1: 1 },
      total: { 1: 1 },
      _count: { 1: 1 },
    };
    take(written);
    expect(intake.kinds).toEqual({
      temperature: "gauge",
      jobs_total: "counter",
      rpc_seconds_count: "counter",
      rpc_seconds_sum: "counter",
      odd_bucket: "gauge",
      total: "gauge",
      _count: "gauge",
    });
  });

  it("are what their metadata says, which may come later", () => {
    take({ jobs: { 1: 1 }, depth_total: { 1: 1 }, 'rpc{quantile="0.5"}': { 1: 1 } });
    expect(intake.kinds).toEqual({ jobs: "gauge", depth_total: "counter", rpc: "gauge" });
    intake = new RecordedIntake();
    points = pointsWithin();
    taken(
      contentOf({}, [
        { family: "jobs", type: "counter", help: "Jobs." },
        { family: "depth_total", type: "gauge" },
        { family: "rpc", type: "summary" },
        { family: "app", type: "info" },
        { family: "wait_seconds", type: "gauge", unit: "seconds" },
        { family: "size", type: "gauge", unit: "bytes" },
        { family: "sent", type: "counter", unit: "" },
        { family: "sizes", type: "gaugehistogram" },
      ]),
    );
    take({
      jobs: { 1: 1 },
      depth_total: { 1: 1 },
      'rpc{quantile="0.5"}': { 1: 1 },
      rpc_sum: { 1: 1 },
      rpc_count: { 1: 1 },
      app: { 1: 1 },
      wait_seconds: { 1: 1 },
      size: { 1: 1 },
      sent_total: { 1: 1 },
      'sizes_bucket{le="1"}': { 1: 1 },
    });
    expect(intake.kinds).toEqual({
      jobs: "counter",
      depth_total: "gauge",
      rpc: "gauge",
      rpc_sum: "counter",
      rpc_count: "counter",
      app: "gauge",
      wait_seconds: "gauge",
      size: "gauge",
      sent_total: "counter",
      sizes_bucket: "gauge",
    });
    const headers = new Map(intake.streams.map(({ header }) => [header.name, header]));
    expect(headers.get("jobs")?.description).toBe("Jobs.");
    expect(headers.get("wait_seconds")?.unit).toBe("s");
    // A unit that the name does not end in would change the name.
    expect(headers.get("size")?.unit).toBe("");
  });

  it("begin a new metric when the metadata changes, and only then", () => {
    const told = { family: "jobs", type: "gauge", help: "a" } as const;
    taken(contentOf({ jobs: { 1: 1 } }, [told]));
    taken(contentOf({ jobs: { 2: 2 } }, [told]));
    taken(contentOf({ jobs: { 3: 3 } }, [{ ...told, type: "counter" }]));
    expect(intake.streams.map(({ header, points }) => [header.kind, points.length])).toEqual([
      ["gauge", 2],
      ["counter", 1],
    ]);
  });

  it("end when their sender says so, and are left out when they are not finite", () => {
    take({ a: { 1: 1, 2: Number.NaN, 3: Number.POSITIVE_INFINITY, 4: "end" } });
    expect(intake.of("a")).toEqual([
      [1, 1],
      [4, "end"],
    ]);
    expect(dropped).toEqual({ not_finite: 2 });
  });

  it("have labels that are read once", () => {
    for (const at of [1, 2, 3]) take({ 'a{b="c"}': { [at]: at } });
    expect(intake.reads).toBe(1);
    expect(intake.of("a", { b: "c" })).toHaveLength(3);
  });

  it("go on when there are more series than are remembered", () => {
    points = pointsWithin({ maxKnownSeries: 4 });
    for (const at of [1, 2, 3])
      take(
        Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`a{i="${index}"}`, { [at]: index }])),
      );
    expect(intake.streams).toHaveLength(50);
    expect(intake.of("a", { i: "49" })).toEqual([
      [1, 49],
      [2, 49],
      [3, 49],
    ]);
  });

  it("are taken of a request in which other series have bad labels", () => {
    const label = (name: string, value: string) => field(1, textField(1, name) + textField(2, value));
    const sample = field(2, "09000000000000f83f1001");
    const bad = [
      label("job", "a"),
      label("__name__", ""),
      label("__name__", "a") + label("b", "1") + label("b", "2"),
      label("__name__", "a") + field(1, textField(2, "x")),
    ];
    const hex = [...bad, label("__name__", "fine") + label("__proto__", "x")].map((it) =>
      field(1, it + sample),
    );
    expect(taken(atOnce(readWriteRequest(bytesOf(hex.join("")))))).toEqual({
      samples: 1,
      problem: "a series has no name",
    });
    expect(dropped).toEqual({ bad_labels: 4 });
    expect(intake.of("fine")).toEqual([[1, 1.5]]);
    expect(Object.entries(intake.streams[0]?.labels ?? {})).toEqual([["__proto__", "x"]]);
  });

  it("leave out native histograms, and count them", () => {
    const series = field(
      1,
      field(1, textField(1, "__name__") + textField(2, "h")) + field(4, "") + field(4, ""),
    );
    expect(taken(atOnce(readWriteRequest(bytesOf(series))))).toEqual({ samples: 2, problem: undefined });
    expect(dropped).toEqual({ native_histogram: 2 });
    expect(intake.streams).toEqual([]);
  });
});

/** The series of a histogram at one time, by its cumulative counts. */
function histogram(at: number, counts: Readonly<Record<string, number>>, sum?: number): Written {
  const total = counts["+Inf"];
  return {
    ...Object.fromEntries(
      Object.entries(counts).map(([le, count]) => [`rpc_bucket{job="a",le="${le}"}`, { [at]: count }]),
    ),
    ...(sum === undefined ? {} : { 'rpc_sum{job="a"}': { [at]: sum } }),
    ...(total === undefined ? {} : { 'rpc_count{job="a"}': { [at]: total } }),
  };
}

const point = (boundaries: number[], counts: number[], sum: number) => ({
  kind: "explicit",
  count: counts.reduce((all, count) => all + count, 0),
  sum,
  boundaries,
  counts,
});

describe("buckets", () => {
  it("become one histogram, when a later time begins and from then on at once", () => {
    take(histogram(10, { 0.1: 1, 1: 3, "+Inf": 4 }, 2.5));
    expect(intake.of("rpc")).toEqual([]);
    take(histogram(20, { 0.1: 1, 1: 3, "+Inf": 5 }, 9));
    expect(intake.of("rpc", { job: "a" })).toEqual([
      [10, point([0.1, 1], [1, 2, 1], 2.5)],
      [20, point([0.1, 1], [1, 2, 2], 9)],
    ]);
    expect(intake.kinds).toEqual({ rpc: "histogram" });
    expect(intake.streams[0]?.labels).toEqual({ job: "a" });
    expect(dropped).toEqual({});
  });

  it("may come in any order and in requests of their own", () => {
    const series = (at: number) => Object.entries(histogram(at, { 1: 2, 0.5: 1, "+Inf": 2, 5: 2 }, 1));
    for (const at of [10, 20, 30])
      for (const [name, samples] of series(at).toReversed()) take({ [name]: samples });
    expect(intake.of("rpc").map(([at]) => at)).toEqual([10, 20, 30]);
    expect(intake.of("rpc")[2]).toEqual([30, point([0.5, 1, 5], [1, 1, 0, 0], 1)]);
    expect(intake.kinds).toEqual({ rpc: "histogram" });
  });

  it("may come later than other buckets by several times, as the shards of a sender send them", () => {
    take(histogram(10, { 1: 1, "+Inf": 2 }, 1));
    take(histogram(20, { 1: 1, "+Inf": 2 }, 1));
    take({
      'rpc_bucket{job="a",le="1"}': { 30: 2, 40: 3, 50: 4 },
      'rpc_sum{job="a"}': { 30: 1, 40: 2, 50: 3 },
    });
    expect(intake.of("rpc").map(([at]) => at)).toEqual([10, 20]);
    take({ 'rpc_bucket{job="a",le="+Inf"}': { 30: 2, 40: 3, 50: 4 } });
    expect(intake.of("rpc").map(([at]) => at)).toEqual([10, 20, 30, 40, 50]);
    expect(dropped).toEqual({});
  });

  it("leave out a histogram of which a bucket is missing: the next one has its counts", () => {
    for (const at of [10, 20]) take(histogram(at, { 1: 1, "+Inf": 2 }, 1));
    take(histogram(30, { 1: 1 }, 1));
    take(histogram(40, { 1: 1, "+Inf": 5 }, 1));
    expect(intake.of("rpc").map(([at]) => at)).toEqual([10, 20, 40]);
    expect(dropped).toEqual({ incomplete_histogram: 2 });
  });

  it("have a new bucket from the time on at which it comes", () => {
    for (const at of [10, 20]) take(histogram(at, { 1: 1, "+Inf": 2 }));
    for (const at of [30, 40]) take(histogram(at, { 1: 1, 2: 2, "+Inf": 3 }));
    expect(intake.of("rpc").map(([, value]) => (value as ReturnType<typeof point>).boundaries)).toEqual([
      [1],
      [1],
      [1, 2],
      [1, 2],
    ]);
  });

  it("learn a bucket that came when its histogram was put already", () => {
    for (const at of [10, 20]) take(histogram(at, { 1: 1, "+Inf": 2 }));
    take({ 'rpc_bucket{job="a",le="2"}': { 20: 2 } });
    for (const at of [30, 40]) take(histogram(at, { 1: 1, 2: 2, "+Inf": 3 }));
    expect(intake.of("rpc").at(-1)).toEqual([40, point([1, 2], [1, 1, 1], 0)]);
    expect(dropped).toEqual({});
    take(histogram(30, { 1: 1 }));
    expect(dropped).toEqual({ late_bucket: 1 });
  });

  it("forget a bucket that does not come any more", () => {
    for (const at of [10, 20]) take(histogram(at, { 1: 1, 2: 1, "+Inf": 2 }, 5));
    for (let at = 30; at <= 200; at += 10) take(histogram(at, { 1: 1, "+Inf": 2 }));
    expect(intake.of("rpc").at(-1)).toEqual([200, point([1], [1, 1], 0)]);
    // Eight times waited for the bucket; they were put when it was forgotten.
    expect(intake.of("rpc")).toHaveLength(20);
  });

  it("are never a histogram without the bucket that has no upper bound", () => {
    for (let at = 10; at <= 200; at += 10) take(histogram(at, { 1: 1, 2: 1 }));
    expect(intake.streams).toEqual([]);
    expect(dropped).toEqual({ incomplete_histogram: 24 });
  });

  it("are no less than those of lower buckets", () => {
    for (const at of [10, 20]) take(histogram(at, { 1: 5, 2: 3, "+Inf": 6 }));
    expect(intake.of("rpc").at(-1)).toEqual([20, point([1, 2], [5, 0, 1], 0)]);
  });

  it("are left out if they are fractions, as those that a rule computed, and counted", () => {
    for (const at of [10, 20, 30]) take(histogram(at, { 1: 0.5, "+Inf": 1.25 }, 1));
    expect(intake.of("rpc")).toEqual([]);
    // Two buckets and a sum, three times.
    expect(dropped).toEqual({ invalid_histogram: 9 });
  });

  it("that are not finite are left out, as are such sums, and counted", () => {
    take(histogram(10, { 1: 1, "+Inf": 2 }, 1));
    take(histogram(20, { 1: Number.NaN, "+Inf": Number.POSITIVE_INFINITY }, Number.NaN));
    expect(dropped).toEqual({ not_finite: 3 });
  });

  it("are at most as many as those of a histogram of OTLP", () => {
    points = pointsWithin({ maxBuckets: 100_000 });
    const bounds = Object.fromEntries(Array.from({ length: 10_001 }, (_, bound) => [bound, bound]));
    take(histogram(10, { "+Inf": 10_001 }));
    take(histogram(10, bounds));
    expect(dropped).toEqual({ max_buckets: 2 });
  });

  it("end with their last bucket, and may begin again", () => {
    for (const at of [10, 20]) take(histogram(at, { 1: 1, "+Inf": 2 }, 1));
    const ends = Object.fromEntries(
      Object.keys(histogram(0, { 1: 1, "+Inf": 2 }, 1)).map((it) => [it, { 30: "end" }]),
    );
    take(ends as Written);
    expect(intake.of("rpc").at(-1)).toEqual([30, "end"]);
    for (const at of [40, 50]) take(histogram(at, { 3: 1, "+Inf": 2 }));
    expect(intake.of("rpc").at(-1)).toEqual([50, point([3], [1, 1], 0)]);
    expect(intake.kinds).toEqual({ rpc: "histogram" });
  });

  it("keep the sum and the count away from counters, also when these come first", () => {
    take({ 'rpc_sum{job="a"}': { 10: 2.5 } });
    take({ 'rpc_count{job="a"}': { 10: 4 } });
    take({ 'rpc_bucket{job="a",le="1"}': { 10: 3 }, 'rpc_bucket{job="a",le="+Inf"}': { 10: 4 } });
    take(histogram(20, { 1: 3, "+Inf": 4 }, 2.5));
    take(histogram(30, { 1: 3, "+Inf": 5 }, 3.5));
    expect(intake.kinds).toEqual({ rpc: "histogram" });
    expect(intake.of("rpc").at(-1)).toEqual([30, point([1], [3, 2], 3.5)]);
  });

  it("leave a sum without buckets a counter, whose first sample waits for the second", () => {
    take({ x_sum: { 10: 1 } });
    expect(intake.streams).toEqual([]);
    take({ x_sum: { 20: 2 } });
    take({ x_sum: { 30: 3 } });
    take({ x_sum: { 40: "end" } });
    expect(intake.of("x_sum")).toEqual([
      [10, 1],
      [20, 2],
      [30, 3],
      [40, "end"],
    ]);
    expect(intake.kinds).toEqual({ x_sum: "counter" });
    take({ y_count: { 10: 1 } });
    take({ y_count: { 20: "end" } });
    expect(intake.of("y_count")).toEqual([]);
  });

  it("are bounded: further ones are dropped, until others have expired", () => {
    points = pointsWithin({ maxBuckets: 4 });
    const of = (job: string, at: number): Written => ({
      [`h_bucket{job="${job}",le="1"}`]: { [at]: 1 },
      [`h_bucket{job="${job}",le="+Inf"}`]: { [at]: 1 },
    });
    for (const at of [10, 20]) for (const job of ["a", "b", "c"]) take(of(job, at));
    expect(dropped).toEqual({ max_buckets: 4 });
    expect(intake.of("h", { job: "c" })).toEqual([]);
    now += 60_000;
    take(of("b", 30));
    now += 1;
    for (const at of [40, 50]) take(of("c", at));
    expect(intake.of("h", { job: "c" }).map(([at]) => at)).toEqual([40, 50]);
    expect(intake.of("h", { job: "b" }).map(([at]) => at)).toEqual([10, 20, 30]);
  });
});

it("a request of many series is read and taken in turns", () => {
  const bytes = requestOf(
    Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`m{i="${index}"}`, { 10: 1 }])),
  );
  let turns = 0;
  const counted = <Result>(steps: Steps<Result>): Result => {
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      turns += 1;
    }
  };
  const content = counted(readWriteRequest(bytes));
  const turnsOfReading = turns;
  expect(counted(points.take(content)).samples).toBe(1000);
  expect(turnsOfReading).toBeGreaterThan(50);
  expect(turns - turnsOfReading).toBeGreaterThan(50);
});

describe("a bucket that is older than all times that wait", () => {
  const TIMES = [20, 30, 40, 50, 60, 70, 80, 90];
  const of = (bound: string, times: readonly number[]): Written => ({
    [`waits_bucket{le="${bound}"}`]: Object.fromEntries(times.map((at) => [at, at])),
  });

  it("is left out, and makes nobody forget a bucket that has not come", () => {
    for (const bound of ["1", "2", "+Inf"]) take(of(bound, [1, 2]));
    for (const bound of ["1", "+Inf"]) take(of(bound, TIMES));
    take(of("1", [10]));
    expect(dropped).toEqual({ incomplete_histogram: 1 });
    take(of("2", TIMES));
    expect(intake.of("waits").map(([at]) => at)).toEqual([1, 2, ...TIMES]);
    expect(intake.of("waits").at(-1)?.[1]).toMatchObject({ boundaries: [1, 2] });
    expect(dropped).toEqual({ incomplete_histogram: 1 });
  });

  it("is waited for at no later time, although it was not known before", () => {
    for (const bound of ["1", "2", "+Inf"]) take(of(bound, [1, 2]));
    for (const bound of ["1", "+Inf"]) take(of(bound, TIMES));
    take(of("3", [10]));
    take(of("2", TIMES));
    expect(intake.of("waits").map(([at]) => at)).toEqual([1, 2, ...TIMES]);
  });
});
