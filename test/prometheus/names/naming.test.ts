import { describe, expect, it } from "vitest";
import { predictedMetrics } from "../../../src/metrics/forecast-metrics.ts";
import type { MetricIdentity } from "../../../src/prometheus/metric-name.ts";
import {
  escapedByDots,
  escapedByValues,
  escapingOf,
  METRIC_NAMES,
} from "../../../src/prometheus/names/escaping.ts";
import { DEFAULT_NAMING, namingFor } from "../../../src/prometheus/names/naming.ts";
import { translationOf } from "../../../src/prometheus/names/translation.ts";

const duration: MetricIdentity = { name: "http.server.request.duration", unit: "s", type: "histogram" };
const jobs: MetricIdentity = { name: "jobs.done", unit: "{job}", type: "counter" };

describe("a translation", () => {
  it.each([
    [
      "UnderscoreEscapingWithSuffixes",
      "http_server_request_duration_seconds",
      "jobs_done_total",
      "http_route",
    ],
    ["UnderscoreEscapingWithoutSuffixes", "http_server_request_duration", "jobs_done", "http_route"],
    ["NoUTF8EscapingWithSuffixes", "http.server.request.duration_seconds", "jobs.done_total", "http.route"],
    ["NoTranslation", "http.server.request.duration", "jobs.done", "http.route"],
  ] as const)(
    "%s names a duration %s, a counter %s and a label %s",
    (translation, ofDuration, ofJobs, label) => {
      const naming = namingFor(translation, "allow-utf-8");
      expect([naming.metric(duration), naming.metric(jobs), naming.label("http.route")]).toEqual([
        ofDuration,
        ofJobs,
        label,
      ]);
    },
  );

  it.each([
    ["NoUTF8EscapingWithSuffixes", "http_server_request_duration_seconds", "jobs_done_total"],
    ["NoTranslation", "http_server_request_duration", "jobs_done"],
  ] as const)("%s with underscores keeps its suffixes or has none", (translation, ofDuration, ofJobs) => {
    const naming = namingFor(translation, "underscores");
    expect([naming.metric(duration), naming.metric(jobs)]).toEqual([ofDuration, ofJobs]);
    expect(naming.label("http.route")).toBe("http_route");
  });

  it.each(["allow-utf-8", "dots", "values"] as const)(
    "to underscores has nothing to escape by %s",
    (escaping) => {
      const naming = namingFor("UnderscoreEscapingWithSuffixes", escaping);
      expect(naming.escaping).toBe("underscores");
      expect(naming.metric(duration)).toBe(DEFAULT_NAMING.metric(duration));
      expect(naming.label("http.route")).toBe("http_route");
    },
  );

  it.each(["UnderscoreEscapingWithoutSuffixes", "NoUTF8EscapingWithSuffixes", "NoTranslation"] as const)(
    "%s keeps the names of forecasts",
    (translation) => {
      const { predicted } = predictedMetrics("http_server_request_duration_p95_seconds");
      expect(namingFor(translation, "allow-utf-8").metric(predicted)).toBe(predicted.name);
    },
  );

  it.each([
    ["none", "NoTranslation"],
    ["NOTRANSLATION", "NoTranslation"],
    ["noutf8escapingwithsuffixes", "NoUTF8EscapingWithSuffixes"],
    ["no", undefined],
    ["", undefined],
  ])("is named %j: %s", (name, translation) => {
    expect(translationOf(name)).toBe(translation);
  });
});

/** Cases of github.com/prometheus/otlptranslator v1.0.0, metric_namer_test.go. */
describe("names in UTF-8 with suffixes", () => {
  it.each([
    ["requests_total", "", "counter", "requests_total"],
    ["cpu_usage_ratio", "1", "gauge", "cpu_usage_ratio"],
    ["response_time_seconds", "s", "gauge", "response_time_seconds"],
    ["cpu_seconds_total", "s", "counter", "cpu_seconds_total"],
    ["otelcol_process_cpu_seconds", "s", "counter", "otelcol_process_cpu_seconds_total"],
    ["requêsts", "", "counter", "requêsts_total"],
    ["cpu_usagé", "1", "gauge", "cpu_usagé_ratio"],
    ["respønse_time", "ms", "gauge", "respønse_time_milliseconds"],
    ["requêsts", "1/s", "gauge", "requêsts_per_second"],
    ["@#$%", "", "counter", "@#$%_total"],
    ["total", "", "counter", "total_total"],
    ["io", "By/s", "gauge", "io_bytes_per_second"],
    ["open", "1", "up-down-counter", "open"],
  ] as const)("%s in %j, a %s, is %s", (name, unit, type, expected) => {
    expect(namingFor("NoUTF8EscapingWithSuffixes", "allow-utf-8").metric({ name, unit, type })).toBe(
      expected,
    );
  });
});

/** Cases of github.com/prometheus/common v0.72.1, model/metric_test.go. */
describe("an escaping", () => {
  it.each([
    ["no:escaping_required", "no:escaping__required", "no:escaping_required"],
    [
      "mysystem.prod.west.cpu.load_total",
      "mysystem_dot_prod_dot_west_dot_cpu_dot_load__total",
      "U__mysystem_2e_prod_2e_west_2e_cpu_2e_load__total",
    ],
    ["http.status:sum", "http_dot_status:sum", "U__http_2e_status:sum"],
    ["label with 😱", "label__with____", "U__label_20_with_20__1f631_"],
    ["花火", "____", "U___82b1__706b_"],
    ["label with \u0100", "label__with____", "U__label_20_with_20__100_"],
    ["1st", "__st", "U___31_st"],
  ])("of %s by dots is %s, by values %s", (name, dots, values) => {
    expect(escapedByDots(name, METRIC_NAMES)).toBe(dots);
    expect(escapedByValues(name, METRIC_NAMES)).toBe(values);
  });

  it("of a label leaves no colon, which only names of metrics may have", () => {
    expect(namingFor("NoTranslation", "dots").label("a:b")).toBe("a__b");
    expect(namingFor("NoTranslation", "values").label("a:b")).toBe("U__a_3a_b");
  });

  it("that is not known, or none, is by underscores", () => {
    expect([escapingOf(undefined), escapingOf("base64"), escapingOf("values")]).toEqual([
      "underscores",
      "underscores",
      "values",
    ]);
  });
});

describe("hostile names", () => {
  const naming = namingFor("NoTranslation", "allow-utf-8");

  it.each([
    ["__name__", "_name__"],
    ["", "_"],
    ["\uD800", "\uFFFD"],
  ])("a label %j becomes %j", (key, label) => {
    expect(naming.label(key)).toBe(label);
  });

  it("a label does not become one of Prometheus by its escaping", () => {
    expect(namingFor("NoTranslation", "dots").label("_a")).toBe("_a");
  });

  it("a metric has no half of a character", () => {
    expect(naming.metric({ name: "a\uD800", type: "gauge" })).toBe("a\uFFFD");
  });
});
