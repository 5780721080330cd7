import type { Attributes } from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { AggregationTemporality, type DataPoint, type ResourceMetrics } from "@opentelemetry/sdk-metrics";
import { describe, expect, it } from "vitest";
import type { DroppedPoints } from "../../src/prometheus/metric-families.ts";
import { MetricsSerializer } from "../../src/prometheus/serialize.ts";
import { gauge, resourceMetrics } from "./metric-data.ts";
import { parseTextFormat } from "./text-format.ts";

interface Written {
  readonly text: string;
  readonly dropped: DroppedPoints[];
}

async function write(...metrics: ResourceMetrics[]): Promise<Written> {
  const dropped: DroppedPoints[] = [];
  const text = await textOf(new MetricsSerializer((what) => dropped.push(what)), ...metrics);
  parseTextFormat(text);
  return { text, dropped };
}

async function textOf(serializer: MetricsSerializer, ...metrics: ResourceMetrics[]): Promise<string> {
  return Buffer.concat(await serializer.serialize(metrics)).toString();
}

const histogramValue = { buckets: { boundaries: [0.5, 1], counts: [1, 2, 3] }, count: 6, sum: 7.5 };

describe("what is written", () => {
  it("is help, type and samples of each kind of metric", async () => {
    const { text, dropped } = await write(
      resourceMetrics({
        app: [
          { name: "a.level", unit: "s", description: "A level.", points: [[{ agent: "x" }, 1.5]] },
          { name: "a.count", kind: "counter", description: "A count.", points: [[{}, 3]] },
          { name: "a.open", kind: "up-down-counter", unit: "1", description: "Open.", points: [[{}, -2]] },
          {
            name: "a.time",
            kind: "histogram",
            unit: "s",
            description: "Time.",
            points: [[{ b: "y" }, histogramValue]],
          },
        ],
      }),
    );
    expect(dropped).toEqual([]);
    expect(text).toBe(
      [
        "# HELP a_level_seconds A level.",
        "# TYPE a_level_seconds gauge",
        'a_level_seconds{agent="x"} 1.5',
        "# HELP a_count_total A count.",
        "# TYPE a_count_total counter",
        "a_count_total 3",
        "# HELP a_open Open.",
        "# TYPE a_open gauge",
        "a_open -2",
        "# HELP a_time_seconds Time.",
        "# TYPE a_time_seconds histogram",
        'a_time_seconds_bucket{b="y",le="0.5"} 1',
        'a_time_seconds_bucket{b="y",le="1"} 3',
        'a_time_seconds_bucket{b="y",le="+Inf"} 6',
        'a_time_seconds_sum{b="y"} 7.5',
        'a_time_seconds_count{b="y"} 6',
        "",
      ].join("\n"),
    );
  });

  it("shows exponential histograms as classic histograms", async () => {
    const value = {
      count: 3,
      sum: 5,
      scale: 0,
      zeroCount: 0,
      positive: { offset: 0, bucketCounts: [1, 2] },
      negative: { offset: 0, bucketCounts: [] },
    };
    const { text } = await write(
      resourceMetrics({ app: [{ name: "h", kind: "exponential", points: [[{}, value]] }] }),
    );
    expect(text.split("\n").slice(2)).toEqual([
      'h_bucket{le="2"} 1',
      'h_bucket{le="4"} 3',
      'h_bucket{le="+Inf"} 3',
      "h_sum 5",
      "h_count 3",
      "",
    ]);
  });

  it("shows the resource as target_info, whose name no other metric gets", async () => {
    const dropped: DroppedPoints[] = [];
    const serializer = new MetricsSerializer((what) => dropped.push(what));
    const resource = resourceFromAttributes({ "service.name": "shop", "host.cpus": 2 });
    const pieces = await serializer.serialize(
      [resourceMetrics({ app: [gauge("target.info", [{}, 5])] })],
      resource,
    );
    expect(Buffer.concat(pieces).toString()).toBe(
      '# HELP target_info Target metadata\n# TYPE target_info gauge\ntarget_info{host_cpus="2",service_name="shop"} 1\n',
    );
    expect(dropped).toEqual([{ metric: "target_info", reason: "name-taken", points: 1 }]);
  });

  it("shows the attributes that are known of a resource whose detectors are still running", async () => {
    const resource = resourceFromAttributes({ known: "yes", late: new Promise<string>(() => {}) });
    const pieces = await new MetricsSerializer().serialize([], resource);
    expect(parseTextFormat(Buffer.concat(pieces).toString()).get("target_info")?.samples[0]?.labels).toEqual({
      known: "yes",
    });
  });

  it("escapes line feeds and backslashes of a description", async () => {
    const { text } = await write(
      resourceMetrics({ app: [{ ...gauge("g", [{}, 1]), description: "a\\b\nc" }] }),
    );
    expect(text).toContain("# HELP g a\\\\b\\nc\n");
  });

  it("is empty without metrics, and leaves out metrics without points", async () => {
    expect((await write()).text).toBe("");
    expect((await write(resourceMetrics({ app: [gauge("g")] }))).text).toBe("");
  });

  it("writes numbers that are not finite as Prometheus reads them", async () => {
    const { text } = await write(
      resourceMetrics({
        app: [gauge("g", [{ a: "1" }, Number.NaN], [{ a: "2" }, Infinity], [{ a: "3" }, -Infinity])],
      }),
    );
    expect(text).toContain('g{a="1"} NaN\ng{a="2"} +Inf\ng{a="3"} -Inf\n');
  });

  it("drops values of our own metrics that are not finite", async () => {
    const metrics = { "otel-forecast": [gauge("g", [{ a: "1" }, Number.NaN], [{ a: "2" }, 1])] };
    const { text, dropped } = await write(resourceMetrics(metrics));
    expect(text).not.toContain("NaN");
    expect(text).toContain('g{a="2"} 1');
    expect(dropped).toEqual([{ metric: "g", reason: "invalid-value", points: 1 }]);
  });
});

describe("metrics that get the same name", () => {
  it("are written in one block, with the first description", async () => {
    const { text } = await write(
      resourceMetrics({
        one: [gauge("a.b", [{ from: "1" }, 1]), gauge("other", [{}, 0])],
        two: [{ ...gauge("a_b", [{ from: "2" }, 2]), description: "Told later." }],
      }),
    );
    expect(text).toContain('# HELP a_b Told later.\n# TYPE a_b gauge\na_b{from="1"} 1\na_b{from="2"} 2\n');
  });

  it("have the type of the first", async () => {
    const { text, dropped } = await write(
      resourceMetrics({
        app: [
          gauge("x_total", [{}, 1]),
          {
            name: "x",
            kind: "counter",
            points: [
              [{}, 2],
              [{ a: "b" }, 3],
            ],
          },
        ],
      }),
    );
    expect(parseTextFormat(text).get("x_total")).toMatchObject({ type: "gauge", samples: [{ value: 1 }] });
    expect(dropped).toEqual([{ metric: "x_total", reason: "name-taken", points: 2 }]);
  });

  it.each(["h.bucket", "h.sum", "h.count"])(
    "cannot be %s beside a histogram h, first or second",
    async (name) => {
      const histogram = { name: "h", kind: "histogram", points: [[{}, histogramValue]] } as const;
      const second = await write(resourceMetrics({ app: [histogram, gauge(name, [{}, 1])] }));
      expect(second.dropped).toEqual([{ metric: name.replace(".", "_"), reason: "name-taken", points: 1 }]);
      const first = await write(resourceMetrics({ app: [gauge(name, [{}, 1]), histogram] }));
      expect(first.dropped).toEqual([{ metric: "h", reason: "name-taken", points: 1 }]);
    },
  );

  it("get labels of the scope from then on if two foreign scopes have the same series", async () => {
    const serializer = new MetricsSerializer();
    const both = resourceMetrics({
      one: [gauge("g", [{ a: "1" }, 1])],
      two: [gauge("g", [{ a: "1" }, 2], [{ otel_scope_name: "fake" }, 3])],
    });
    const expected = 'g{a="1",otel_scope_name="one"} 1\n';
    expect(await textOf(serializer, both)).toContain(
      `${expected}g{a="1",otel_scope_name="two"} 2\ng{exported_otel_scope_name="fake",otel_scope_name="two"} 3\n`,
    );
    expect(await textOf(serializer, resourceMetrics({ one: [gauge("g", [{ a: "1" }, 1])] }))).toContain(
      expected,
    );
  });

  it("get no labels of the scope if their own labels differ", async () => {
    const { text } = await write(
      resourceMetrics({ one: [gauge("g", [{ a: "1" }, 1])], two: [gauge("g", [{ a: "2" }, 2])] }),
    );
    expect(text).toContain('g{a="1"} 1\ng{a="2"} 2\n');
  });

  it("keep our own series without labels of the scope", async () => {
    const { text } = await write(
      resourceMetrics({ "otel-forecast": [gauge("g", [{}, 1])], app: [gauge("g", [{}, 2])] }),
    );
    expect(text).toContain('g 1\ng{otel_scope_name="app"} 2\n');
  });
});

describe("points that get the same series", () => {
  it("are shown once: the first one", async () => {
    const { text, dropped } = await write(
      resourceMetrics({
        app: [gauge("g", [{ "a.b": "1" }, 1], [{ a_b: "1" }, 2], [{ a_b: 1 }, 3], [{ a_b: "2" }, 4])],
      }),
    );
    expect(text).toContain('g{a_b="1"} 1\ng{a_b="2"} 4\n');
    expect(dropped).toEqual([{ metric: "g", reason: "duplicate-series", points: 2 }]);
  });

  it("are found at every scrape, also after one without any", async () => {
    const dropped: DroppedPoints[] = [];
    const serializer = new MetricsSerializer((what) => dropped.push(what));
    const [a, b] = [{ "k.x": "1" }, { "k.x": "2" }];
    const clean = gauge("g", [a, 1], [b, 2]);
    parseTextFormat(await textOf(serializer, resourceMetrics({ app: [clean] })));
    expect(dropped).toEqual([]);
    parseTextFormat(await textOf(serializer, resourceMetrics({ app: [gauge("g", [a, 1], [a, 2])] })));
    parseTextFormat(await textOf(serializer, resourceMetrics({ app: [clean] })));
    const again = gauge("g", [a, 1], [b, 2], [{ k_x: "2" }, 3]);
    parseTextFormat(await textOf(serializer, resourceMetrics({ app: [again] })));
    parseTextFormat(await textOf(serializer, resourceMetrics({ app: [gauge("g", [a, 1], [a, 2])] })));
    expect(dropped.map(({ points }) => points)).toEqual([1, 1, 1]);
  });

  it("are found when one of two metrics of a name gets a new point", async () => {
    const serializer = new MetricsSerializer();
    const [a, b] = [{ k: "1" }, { k: "2" }];
    await textOf(serializer, resourceMetrics({ app: [gauge("g.x", [a, 1]), gauge("g_x", [b, 2])] }));
    const again = resourceMetrics({ app: [gauge("g.x", [a, 1]), gauge("g_x", [b, 2], [{ k: "1" }, 3])] });
    expect(parseTextFormat(await textOf(serializer, again)).get("g_x")?.samples).toHaveLength(2);
  });

  it("are shown once if two readers give the same metrics", async () => {
    const metrics = resourceMetrics({ app: [gauge("g", [{}, 1])] });
    const { dropped } = await write(metrics, metrics);
    expect(dropped).toEqual([{ metric: "g", reason: "duplicate-series", points: 1 }]);
  });
});

describe("points that cannot be shown", () => {
  it("are dropped and reported: no name, delta, not a number, not a histogram", async () => {
    const { text, dropped } = await write(
      resourceMetrics({
        app: [
          gauge("字", [{}, 1]),
          { name: "d", kind: "counter", temporality: AggregationTemporality.DELTA, points: [[{}, 1]] },
          gauge("n", [{}, undefined], [{ a: "1" }, "2"], [{ a: "2" }, 10n], [{ a: "3" }, 1]),
          {
            name: "h",
            kind: "histogram",
            points: [
              [{}, 5],
              [{ a: "1" }, undefined],
              [{ a: "2" }, {}],
              [{ a: "3" }, { buckets: { boundaries: [], counts: [Number.NaN] } }],
            ],
          },
        ],
      }),
    );
    expect(dropped).toEqual([
      { metric: "字", reason: "no-name", points: 1 },
      { metric: "d_total", reason: "delta", points: 1 },
      { metric: "n", reason: "invalid-value", points: 3 },
      { metric: "h", reason: "invalid-value", points: 4 },
    ]);
    expect([...parseTextFormat(text).values()].flatMap(({ samples }) => samples)).toHaveLength(1);
  });
});

describe("attribute objects of the last scrape", () => {
  it("are read once, also if points between them have gone", async () => {
    let reads = 0;
    const attributes = Array.from({ length: 50 }, (_, i) => ({
      get i() {
        reads += 1;
        return `${i}`;
      },
    }));
    const serializer = new MetricsSerializer();
    const shown = async (indices: readonly number[]): Promise<string[]> => {
      const points = indices.map((i) => [attributes[i] as Attributes, i] as const);
      const text = await textOf(serializer, resourceMetrics({ app: [gauge("g", ...points)] }));
      return (
        parseTextFormat(text)
          .get("g")
          ?.samples.map(({ labels, value }) => `${labels.i}=${value}`) ?? []
      );
    };
    const all = attributes.map((_, i) => i);
    const expected = (indices: readonly number[]): string[] => indices.map((i) => `${i}=${i}`);
    expect(await shown(all)).toEqual(expected(all));
    expect(reads).toBe(50);
    const withGaps = all.filter((i) => i % 7 !== 3 && i > 5);
    expect(await shown(withGaps)).toEqual(expected(withGaps));
    expect(reads).toBe(50);
    const back = [...withGaps, 3, 0];
    expect(await shown(back)).toEqual(expected(back));
    expect(reads).toBe(52);
    const turned = [...back].reverse();
    expect(await shown(turned)).toEqual(expected(turned));
  });

  it("are compared one by one if they are in the same array, unless that is frozen", async () => {
    const serializer = new MetricsSerializer();
    const metrics = resourceMetrics({ app: [gauge("g", [{ a: "1" }, 1])] });
    const points = metrics.scopeMetrics[0]?.metrics[0]?.dataPoints as DataPoint<number>[];
    const [first] = points as [DataPoint<number>];
    expect(await textOf(serializer, metrics)).toContain('g{a="1"} 1\n');
    points[0] = { ...first, attributes: { a: "2" } };
    points.push({ ...first, attributes: { a: "1" } });
    const changed = await textOf(serializer, metrics);
    expect(changed).toContain('g{a="2"} 1\ng{a="1"} 1\n');
    Object.freeze(points);
    for (let scrapes = 0; scrapes < 3; scrapes += 1) expect(await textOf(serializer, metrics)).toBe(changed);
  });

  it("have the labels of their own scope when another scope goes away", async () => {
    const serializer = new MetricsSerializer();
    const shared = { a: "1" };
    await textOf(
      serializer,
      resourceMetrics({ one: [gauge("g", [shared, 1])], two: [gauge("g", [shared, 2])] }),
    );
    const text = await textOf(serializer, resourceMetrics({ two: [gauge("g", [shared, 2])] }));
    expect(text).toContain('g{a="1",otel_scope_name="two"} 2\n');
  });

  it("are rendered anew when the family begins to bear scopes", async () => {
    const serializer = new MetricsSerializer();
    const ours = gauge("g", [{ otel_scope_name: "mine" }, 1]);
    const one = gauge("g", [{}, 2]);
    await textOf(serializer, resourceMetrics({ "otel-forecast": [ours], one: [one] }));
    const text = await textOf(
      serializer,
      resourceMetrics({ "otel-forecast": [ours], one: [one], two: [one] }),
    );
    expect(text).toContain('g{exported_otel_scope_name="mine"} 1\ng{otel_scope_name="one"} 2\n');
  });

  it("are rendered anew when their metric becomes a histogram", async () => {
    const serializer = new MetricsSerializer();
    const attributes = { le: "x" };
    expect(await textOf(serializer, resourceMetrics({ app: [gauge("g", [attributes, 1])] }))).toContain(
      'g{le="x"} 1',
    );
    const histogram = { name: "g", kind: "histogram", points: [[attributes, histogramValue]] } as const;
    const text = await textOf(serializer, resourceMetrics({ app: [histogram] }));
    expect(text).toContain('g_count{exported_le="x"} 6');
    parseTextFormat(text);
  });
});
