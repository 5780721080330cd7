import { resourceFromAttributes } from "@opentelemetry/resources";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { EXEMPLAR } from "../../../src/core/exemplar.ts";
import { ForecastProducer } from "../../../src/otel/forecast-producer.ts";
import { labelsIn } from "../../../src/prometheus/formats/labels-in.ts";
import { namingFor } from "../../../src/prometheus/names/naming.ts";
import type { Translation } from "../../../src/prometheus/names/translation.ts";
import { PrometheusEndpoint } from "../../../src/prometheus/prometheus-endpoint.ts";
import { MetricsSerializer } from "../../../src/prometheus/serialize.ts";
import { selectorsTest } from "../../../src/status/series-selector.ts";
import { runs } from "../../harness/runs.ts";
import { anyScopes } from "../any-metrics.ts";
import { type MetricSpec, resourceMetrics } from "../metric-data.ts";
import { parseTextFormat } from "../text-format.ts";

const UTF8 = namingFor("NoUTF8EscapingWithSuffixes", "allow-utf-8");

const histogramValue = {
  ...{ buckets: { boundaries: [0.5], counts: [1, 2] }, count: 3, sum: 7.5 },
  [EXEMPLAR]: { value: 0.4, at: 1000, traceId: "t", spanId: "s" },
};
const SPECS: MetricSpec[] = [
  { name: 'a."level"', points: [[{ "app.name": 'x"', zone: "z" }, 1.5]] },
  { name: "plain", points: [[{ "app.name": "x" }, 2]] },
  { name: "jobs.done", kind: "counter", points: [[{}, 3]] },
  { name: "a.time", kind: "histogram", unit: "s", points: [[{ le: "y" }, histogramValue]] },
];

async function linesOf(format: "text" | "openmetrics"): Promise<string[]> {
  const resource = resourceFromAttributes({ "service.name": "shop" });
  const metrics = [resourceMetrics({ app: SPECS })];
  const pieces = await new MetricsSerializer().serialize(metrics, resource, format, UTF8);
  return Buffer.concat(pieces).toString().split("\n");
}

const IN_BOTH = [
  'target_info{"service.name"="shop"} 1',
  '{"a.\\"level\\"","app.name"="x\\"",zone="z"} 1.5',
  'plain{"app.name"="x"} 2',
  '{"jobs.done_total"} 3',
  '{"a.time_seconds_bucket",exported_le="y",le="+Inf"} 3',
  '{"a.time_seconds_sum",exported_le="y"} 7.5',
  '{"a.time_seconds_count",exported_le="y"} 3',
];

describe("a page with names in UTF-8", () => {
  it("quotes names in the text format", async () => {
    const lines = await linesOf("text");
    expect(lines).toEqual(expect.arrayContaining(IN_BOTH));
    expect(lines).toContain('# TYPE "a.\\"level\\"" gauge');
    expect(lines).toContain('# TYPE "jobs.done_total" counter');
    expect(lines).toContain('{"a.time_seconds_bucket",exported_le="y",le="0.5"} 1');
  });

  it("quotes names in OpenMetrics", async () => {
    const lines = await linesOf("openmetrics");
    expect(lines).toEqual(expect.arrayContaining(IN_BOTH));
    expect(lines).toContain('# TYPE "jobs.done" counter');
    expect(lines.find((line) => line.includes('le="0.5"'))).toMatch(
      /^\{"a\.time_seconds_bucket",exported_le="y",le="0\.5"\} 1 # \{trace_id="t",span_id="s"\} 0\.4 1\.000$/,
    );
  });

  it("has labels that are read back without quotes", () => {
    expect(labelsIn('"a.\\"b"="1",c="2"')).toEqual([
      ['a."b', "1"],
      ["c", "2"],
    ]);
  });

  it("does not mix up the labels of two namings", async () => {
    const serializer = new MetricsSerializer();
    const metrics = [resourceMetrics({ app: SPECS })];
    const page = async (naming = UTF8): Promise<string> =>
      Buffer.concat(await serializer.serialize(metrics, undefined, "text", naming)).toString();
    const [first, escaped] = [await page(), await page(namingFor("NoTranslation", "underscores"))];
    expect(escaped).toContain('plain{app_name="x"} 2');
    expect(await page()).toBe(first);
  });

  it.each([
    ["NoTranslation", "allow-utf-8"],
    ["NoUTF8EscapingWithSuffixes", "allow-utf-8"],
    ["NoTranslation", "underscores"],
    ["NoTranslation", "dots"],
    ["NoUTF8EscapingWithSuffixes", "values"],
    ["UnderscoreEscapingWithoutSuffixes", "underscores"],
  ] as const)("of any metrics, by %s and %s, is accepted", async (translation, escaping) => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyScopes, { maxLength: 3 }), async (scopes) => {
        const naming = namingFor(translation, escaping);
        const metrics = scopes.map(resourceMetrics);
        const pieces = await new MetricsSerializer().serialize(metrics, undefined, "text", naming);
        const page = Buffer.concat(pieces).toString();
        expect(() => parseTextFormat(page, { utf8: escaping === "allow-utf-8" })).not.toThrow();
      }),
      { numRuns: runs(150) },
    );
  });
});

const PROMETHEUS_3 = (escaping: string): string =>
  `application/openmetrics-text;version=1.0.0;escaping=${escaping};q=0.7,text/plain;version=1.0.0;escaping=${escaping};q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.3`;

describe("an endpoint with a translation", () => {
  let endpoint: PrometheusEndpoint;

  afterEach(() => endpoint.shutdown());

  async function answerTo(
    translation: Translation | undefined,
    accept: string,
    { query = "", method = "GET" } = {},
  ): Promise<{ type: string | null; lines: string[] }> {
    const producer = new ForecastProducer(Date.now);
    const level = { name: "queue.size", unit: "By", description: "", type: "gauge" } as const;
    const count = { name: "jobs.done", unit: "", description: "", type: "counter" } as const;
    producer.series(level, { "app.name": "a" }).put(1);
    producer.series(count, { "app.name": "a" }).put(2);
    endpoint = new PrometheusEndpoint({
      ...{ host: "127.0.0.1", port: 0, metricProducers: [producer], selectorsTest },
      ...(translation === undefined ? {} : { translation: () => translation }),
    });
    await endpoint.start();
    const address = `http://127.0.0.1:${endpoint.port}/metrics${query}`;
    const response = await fetch(address, { method, headers: { accept } });
    const lines = (await response.text()).split("\n").filter((line) => /^(\{"|U__)?(queue|jobs)/.test(line));
    return { type: response.headers.get("content-type"), lines };
  }

  const OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=";
  const TEXT_1 = "text/plain; version=1.0.0; charset=utf-8; escaping=";
  const TEXT_0 = "text/plain; version=0.0.4; charset=utf-8";

  it.each([
    [undefined, PROMETHEUS_3("allow-utf-8"), `${OPENMETRICS}underscores`, 'queue_size_bytes{app_name="a"} 1'],
    [
      "NoUTF8EscapingWithSuffixes",
      PROMETHEUS_3("allow-utf-8"),
      `${OPENMETRICS}allow-utf-8`,
      '{"queue.size_bytes","app.name"="a"} 1',
    ],
    [
      "NoUTF8EscapingWithSuffixes",
      PROMETHEUS_3("underscores"),
      `${OPENMETRICS}underscores`,
      'queue_size_bytes{app_name="a"} 1',
    ],
    [
      "NoUTF8EscapingWithSuffixes",
      PROMETHEUS_3("dots"),
      `${OPENMETRICS}dots`,
      'queue_dot_size__bytes{app_dot_name="a"} 1',
    ],
    ["NoTranslation", PROMETHEUS_3("allow-utf-8"), `${TEXT_1}allow-utf-8`, '{"queue.size","app.name"="a"} 1'],
    ["NoTranslation", "*/*", TEXT_0, 'queue_size{app_name="a"} 1'],
    ["NoTranslation", "text/plain;escaping=allow-utf-8", TEXT_0, 'queue_size{app_name="a"} 1'],
    [
      "NoTranslation",
      "text/plain;version=1.0.0;escaping=values",
      `${TEXT_1}values`,
      'U__queue_2e_size{U__app_2e_name="a"} 1',
    ],
    ["UnderscoreEscapingWithoutSuffixes", "*/*", TEXT_0, 'queue_size{app_name="a"} 1'],
  ] as const)("%s for %s answers with %s", async (translation, accept, type, line) => {
    const page = await answerTo(translation, accept);
    expect(page.type).toBe(type);
    expect(page.lines).toContain(line);
  });

  it.each([
    ["NoUTF8EscapingWithSuffixes", `${OPENMETRICS}allow-utf-8`],
    [undefined, `${OPENMETRICS}underscores`],
  ] as const)("%s names the escaping in the answer to HEAD too", async (translation, type) => {
    const answer = await answerTo(translation, PROMETHEUS_3("allow-utf-8"), { method: "HEAD" });
    expect(answer).toEqual({ type, lines: [] });
  });

  it("selects by the names that are shown", async () => {
    const selector = '{"queue.size","app.name"=~"a|b"}';
    const query = `?${new URLSearchParams({ "match[]": selector })}`;
    const accept = "text/plain;version=1.0.0;escaping=allow-utf-8";
    const { lines } = await answerTo("NoTranslation", accept, { query });
    expect(lines).toEqual(['{"queue.size","app.name"="a"} 1']);
  });
});
