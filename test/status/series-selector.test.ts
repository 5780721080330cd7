import { describe, expect, it } from "vitest";
import { BadSelector } from "../../src/status/label-condition.ts";
import { compileSelector, parseSelector } from "../../src/status/series-selector.ts";

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
    ['{"queue_size"}', [0, 1]],
    ['{"queue_size", job="api"}', [0]],
    ['{job="api", "load"}', []],
    ['{job="api", "queue_size",}', [0]],
    ['{"job"="web"}', [1]],
    ['queue_size{"load"}', []],
    ["{job=~'.*', pod!=''}", [0, 1]],
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
    ['{"queue_size" job="a"}', /must be like/],
    ['{job="a" "queue_size"}', /must be like/],
    ['queue_size{job="a"},', /must be like/],
    ["queue size", /must be like/],
    [`{${"x".repeat(100)}}`, /"\{x{59}…" must be like/],
    ["queue-size", /can't be read from "-size" on/],
    [`{job="${"x".repeat(20_000)}"}`, /has 20008 characters/],
  ])("%s is refused", (selector, message) => {
    expect(() => compileSelector(selector)).toThrow(BadSelector);
    expect(() => compileSelector(selector)).toThrow(message);
  });

  it("is read as its conditions, that of the name first", () => {
    expect(parseSelector('{a!="1", "b:c.d", e!~`\\n`, f=~"\\n\\t\\r\\"\\x"}')).toEqual([
      { comparison: "=", name: "__name__", value: "b:c.d" },
      { comparison: "!=", name: "a", value: "1" },
      { comparison: "!~", name: "e", value: "\\n" },
      { comparison: "=~", name: "f", value: '\n\t\r"x' },
    ]);
    expect(parseSelector("b:c.d{a='1'}")).toEqual([
      { comparison: "=", name: "__name__", value: "b:c.d" },
      { comparison: "=", name: "a", value: "1" },
    ]);
  });

  it("may have 20,000 characters, and a regular expression 16,384", () => {
    const of = (length: number): string => `{job=~"${"x".repeat(length)}"}`;
    expect(() => compileSelector(`{job="${"x".repeat(20_000 - 8)}"}`)).not.toThrow();
    expect(() => compileSelector(`{job="${"x".repeat(20_000 - 7)}"}`)).toThrow("has 20001 characters");
    expect(() => compileSelector(of(16_384))).not.toThrow();
    expect(() => compileSelector(of(16_385))).toThrow(
      "the regular expression for job has 16385 characters, expected at most 16384",
    );
  });

  it("answers the same for more values than it remembers", () => {
    const [matches, not] = ['{job=~"a.*1\\n?"}', '{job!~"a.*1\\n?"}'].map(compileSelector);
    const jobs = Array.from({ length: 10_002 }, (_, index) => `a\n${index}`);
    for (const job of [...jobs, ...jobs, "a1\n"]) {
      const is = /1\n?$/.test(job);
      const key = { metric: "m", labels: { job } };
      if (matches?.(key) !== is || not?.(key) !== !is) throw new Error(`wrong for ${JSON.stringify(job)}`);
    }
    expect(matches?.({ metric: "m", labels: {} })).toBe(false);
  });

  it("has no label that every object has", () => {
    expect(selected('{constructor=""}')).toEqual([0, 1, 2]);
  });
});
