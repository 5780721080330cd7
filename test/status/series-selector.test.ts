import { describe, expect, it } from "vitest";
import { BadSelector } from "../../src/status/label-condition.ts";
import { compileSelector } from "../../src/status/series-selector.ts";

const SERIES = [
  { metric: "queue_size", labels: { job: "api", pod: "api-1" } },
  { metric: "queue_size", labels: { job: "web", pod: 'a"b\\c' } },
  { metric: "load", labels: {} },
];

function selected(selector: string): number[] {
  const selects = compileSelector(selector);
  return SERIES.flatMap((series, index) => (selects(series) ? [index] : []));
}

describe("a selector", () => {
  it.each([
    ["queue_size", [0, 1]],
    ["queue_size{}", [0, 1]],
    ['{__name__="load"}', [2]],
    ['{__name__=~"queue.*"}', [0, 1]],
    ['queue_size{job="api"}', [0]],
    ['queue_size{ job != "api" , }', [1]],
    ['queue_size{job=~"api|web", pod!~"api.+"}', [1]],
    ["{job='web'}", [1]],
    ["{job=`web`}", [1]],
    ['{pod="a\\"b\\\\c"}', [1]],
    ['{job=""}', [2]],
    // A regular expression has to match the whole value, as in Prometheus.
    ['{job=~"ap"}', []],
  ])("%s selects the series %j", (selector, series) => {
    expect(selected(selector)).toEqual(series);
  });

  it.each([
    ["", /selects nothing/],
    ["{}", /selects nothing/],
    ['{job="api"', /must be like/],
    ["queue_size{job}", /must be like/],
    ['queue_size{job="a" pod="b"}', /must be like/],
    ['queue_size{job,"a"}', /must be like/],
    ["queue_size{job=pod}", /must be like/],
    ['queue_size{,="a"}', /must be like/],
    ['queue_size{=="a"}', /must be like/],
    ['queue_size,job="a"}', /must be like/],
    ['queue_size{job=~"("}', /regular expression for job/],
    ["queue size", /must be like/],
    ["queue-size", /can't be read from "-size" on/],
    [`{job="${"x".repeat(20_000)}"}`, /has 20008 characters/],
  ])("%s is refused", (selector, message) => {
    expect(() => compileSelector(selector)).toThrow(BadSelector);
    expect(() => compileSelector(selector)).toThrow(message);
  });

  it("has no label that every object has", () => {
    expect(selected('{constructor=""}')).toEqual([0, 1, 2]);
  });
});
