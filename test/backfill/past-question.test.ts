import { describe, expect, it } from "vitest";
import {
  askedAsQuantile,
  askedAsRate,
  askedByName,
  askedByQuery,
  labelsInPrometheus,
} from "../../src/backfill/past-question.ts";
import { selectorOf } from "../../src/backfill/selector.ts";

describe("a question", () => {
  it.each([
    [askedByName("queue_depth"), "queue_depth", 'queue_depth{pod="a"}'],
    [
      askedAsRate({ metric: "r_per_second", counter: "r_total", windowMillis: 300_000 }),
      "rate(r_total[300000ms])",
      'rate(r_total{pod="a"}[300000ms])',
    ],
    [
      askedAsRate({ metric: "r_per_second", counter: "r_total", windowMillis: 500, by: ["http.route", "b"] }),
      "sum by (http_route, b) (rate(r_total[500ms]))",
      'sum by (http_route, b) (rate(r_total{pod="a"}[500ms]))',
    ],
    [
      askedAsRate({ metric: "r_per_second", counter: "r_total", windowMillis: 500, by: [] }),
      "sum by () (rate(r_total[500ms]))",
      'sum by () (rate(r_total{pod="a"}[500ms]))',
    ],
    [
      askedAsQuantile({ metric: "d_p95", histogram: "d_seconds", quantile: 0.95, windowMillis: 60_000 }),
      "histogram_quantile(0.95, rate(d_seconds_bucket[60000ms]))",
      'histogram_quantile(0.95, rate(d_seconds_bucket{pod="a"}[60000ms]))',
    ],
    [
      askedAsQuantile({ metric: "d_p95", histogram: "d", quantile: 0.5, windowMillis: 1, by: ["a"] }),
      "histogram_quantile(0.5, sum by (le, a) (rate(d_bucket[1ms])))",
      'histogram_quantile(0.5, sum by (le, a) (rate(d_bucket{pod="a"}[1ms])))',
    ],
    [askedByQuery("ratio", "a / b # c"), "a / b # c", "a / b # c"],
  ])("%# is PromQL", (question, whole, selected) => {
    expect(question.expression("")).toBe(whole);
    expect(question.expression('pod="a"')).toBe(selected);
  });

  it("must have the same labels only if it is a query", () => {
    expect(askedByQuery("a", "b").isExact).toBe(true);
    expect(askedByName("a").isExact).toBe(false);
  });
});

it("labels are as Prometheus has them", () => {
  expect(
    labelsInPrometheus({ "http.route": "/a", "b-c": "2", empty: "", b_c: "1", "\ud800": "\ud800" }),
  ).toEqual({
    http_route: "/a",
    b_c: "2;1",
    _: "\ufffd",
  });
});

it("labels may have the names of what every object has", () => {
  const labels = Object.fromEntries([
    ["constructor", "a"],
    ["__proto__", "b"],
    ["toString", "c"],
  ]);
  expect(Object.entries(labelsInPrometheus(labels))).toEqual([
    ["_proto_", "b"],
    ["constructor", "a"],
    ["toString", "c"],
  ]);
});

describe("a selector", () => {
  it("has the values of the labels that all series have", () => {
    expect(selectorOf([{ pod: "a", zone: "z" }])).toBe('pod="a",zone="z"');
    expect(
      selectorOf([
        { pod: "a", zone: "z" },
        { pod: "b", zone: "z", extra: "1" },
        { pod: "a", zone: "z" },
      ]),
    ).toBe('pod=~"a|b",zone="z"');
    expect(selectorOf([{ a: "1" }, {}])).toBe("");
    expect(selectorOf([])).toBe("");
  });

  it("takes every text as it is", () => {
    expect(selectorOf([{ a: 'x"\\\n' }])).toBe(String.raw`a="x\"\\\n"`);
    expect(selectorOf([{ a: "1.5|(x)" }, { a: "^[a]{2}$*+?\\" }])).toBe(
      String.raw`a=~"1\\.5\\|\\(x\\)|\\^\\[a\\]\\{2\\}\\$\\*\\+\\?\\\\"`,
    );
  });

  it("leaves out lists that are long", () => {
    const many = Array.from({ length: 101 }, (_, index) => ({ pod: String(index), zone: "z" }));
    expect(selectorOf(many)).toBe('zone="z"');
    const long = Array.from({ length: 9 }, (_, index) => ({ path: String(index).repeat(1000), zone: "z" }));
    expect(selectorOf(long)).toBe('zone="z"');
  });
});
