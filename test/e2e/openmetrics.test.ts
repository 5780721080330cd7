import { spawnSync } from "node:child_process";
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { ResourceMetrics } from "@opentelemetry/sdk-metrics";
import fc from "fast-check";
import { describe, expect, it, type TestContext } from "vitest";
import { MetricsSerializer } from "../../src/prometheus/serialize.ts";
import { anyKey, anyScopes, anyText } from "../prometheus/any-metrics.ts";
import { gauge, type MetricSpec, resourceMetrics } from "../prometheus/metric-data.ts";
import { needs, openMetricsParser, pathOf } from "./harness/components.ts";

/** Parses each page, and prints for each what is wrong in it, or nothing. */
const PARSE = `
import json, sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
for page in json.load(sys.stdin):
    try:
        families = list(text_string_to_metric_families(page))
        print(json.dumps({"families": {f.name: [f.type, len(f.samples)] for f in families}}))
    except Exception as error:
        print(json.dumps({"error": repr(error), "page": page}))
`;

interface Parsed {
  readonly error?: string;
  readonly families?: Readonly<Record<string, readonly [type: string, samples: number]>>;
}

function parsed(context: TestContext, pages: readonly string[]): Parsed[] {
  needs(context, openMetricsParser);
  const { stdout, stderr } = spawnSync(pathOf(openMetricsParser), ["-c", PARSE], {
    input: JSON.stringify(pages),
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  expect(stderr).toBe("");
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

async function pageOf(metrics: readonly ResourceMetrics[], attributes = {}): Promise<string> {
  const resource = resourceFromAttributes(attributes);
  return Buffer.concat(await new MetricsSerializer().serialize(metrics, resource, "openmetrics")).toString();
}

async function familiesOf(context: TestContext, ...specs: MetricSpec[]): Promise<Parsed["families"]> {
  const [page] = parsed(context, [
    await pageOf([resourceMetrics({ app: specs })], { "service.name": "shop" }),
  ]);
  expect(page?.error).toBeUndefined();
  return page?.families;
}

const counter = (name: string, ...values: number[]): MetricSpec => ({
  name,
  kind: "counter",
  points: values.map((value, index) => [{ index }, value]),
});
const histogram = (name: string): MetricSpec => ({
  name,
  kind: "histogram",
  points: [
    [{}, { buckets: { boundaries: [0.5, 1, 1e6, 1e-7], counts: [1, 2, 3, 0, 1] }, count: 7, sum: 7.5 }],
  ],
});

describe("the reference parser of OpenMetrics", () => {
  it("takes each kind of metric, as what it is", async (context) => {
    const falling: MetricSpec = { name: "open", kind: "up-down-counter", points: [[{}, -2]] };
    expect(
      await familiesOf(
        context,
        gauge("level", [{ agent: 'a"\\\n' }, 1.5]),
        counter("done", 3, 4),
        histogram("time"),
        falling,
      ),
    ).toEqual({
      target: ["info", 1],
      level: ["gauge", 1],
      done: ["counter", 2],
      time: ["histogram", expect.any(Number)],
      open: ["gauge", 1],
    });
  });

  it("takes names that clash in this format only", async (context) => {
    expect(
      await familiesOf(context, counter("jobs", 1), gauge("jobs", [{}, 2]), gauge("target", [{}, 1])),
    ).toEqual({
      target_info: ["unknown", 1],
      jobs_total: ["unknown", 1],
      jobs: ["gauge", 1],
      target: ["gauge", 1],
    });
  });

  it("does not get counters that are negative or no number", async (context) => {
    expect(await familiesOf(context, counter("jobs", -1, Number.NaN, 2, Infinity))).toMatchObject({
      jobs: ["counter", 2],
    });
  });

  it("takes a page without metrics", async (context) => {
    expect(parsed(context, [await pageOf([])])).toEqual([{ families: {} }]);
  });

  it("takes any metrics", async (context) => {
    const scrapes = fc.tuple(fc.array(anyScopes, { maxLength: 3 }), fc.dictionary(anyKey, anyText));
    const pages = fc
      .sample(scrapes, 1000)
      .map(([scopes, attributes]) => pageOf(scopes.map(resourceMetrics), attributes));
    const results = parsed(context, await Promise.all(pages));
    expect(results).toHaveLength(1000);
    expect(results.find(({ error }) => error !== undefined)).toBeUndefined();
  });
});
