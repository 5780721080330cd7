import { describe, expect, it } from "vitest";
import { acceptedFormats } from "../../../src/prometheus/formats/page-format.ts";

/** What Prometheus sends, by its version and its settings. */
const PROMETHEUS = {
  "2.42":
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
  "2.42 with native histograms":
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,application/openmetrics-text;version=1.0.0;q=0.8,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
  "3": "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.7,application/openmetrics-text;version=0.0.1;q=0.6,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.3",
  "3 with underscores":
    "application/openmetrics-text;version=1.0.0;escaping=underscores;q=0.7,application/openmetrics-text;version=0.0.1;q=0.6,text/plain;version=1.0.0;escaping=underscores;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.3",
  "3 with native histograms":
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
} as const;

describe("the format of a page", () => {
  it.each([
    ["2.42", "text"],
    ["2.42 with native histograms", "protobuf"],
    ["3", "openmetrics"],
    ["3 with underscores", "openmetrics"],
    ["3 with native histograms", "protobuf"],
  ] as const)("for Prometheus %s is %s", (version, format) => {
    expect(acceptedFormats(PROMETHEUS[version]).best.format).toBe(format);
  });

  it.each([
    ["2.42 with native histograms", "underscores", "underscores"],
    ["3", "allow-utf-8", "allow-utf-8"],
    ["3 with underscores", "underscores", "underscores"],
    ["3 with native histograms", "allow-utf-8", "allow-utf-8"],
  ] as const)("for Prometheus %s has names escaped by %s, in text by %s", (version, escaping, inText) => {
    const { best, text } = acceptedFormats(PROMETHEUS[version]);
    expect([best.escaping, text?.escaping]).toEqual([escaping, inText]);
  });

  it("is text 0.0.4 with underscores, whatever escaping is asked for with it", () => {
    const { best, text } = acceptedFormats("text/plain;version=0.0.4;escaping=allow-utf-8");
    expect([best, text].map((format) => format?.escaping)).toEqual(["underscores", "underscores"]);
  });

  it.each([
    [undefined, "text"],
    ["", "text"],
    ["*/*", "text"],
    ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text"],
    ["application/json", "text"],
    ["application/openmetrics-text", "openmetrics"],
    ["APPLICATION/OpenMetrics-Text; Version=1.0.0; charset=utf-8", "openmetrics"],
    ['application/openmetrics-text; version="1.0.0"', "openmetrics"],
    ["application/openmetrics-text; version=0.0.1", "text"],
    ["application/openmetrics-text; version=2.0.0", "text"],
    ["application/openmetrics-text;q=0", "text"],
    ["application/openmetrics-text;q=zero, text/plain;q=0.1", "text"],
    ["text/plain;q=0.9, application/openmetrics-text;escaping=underscores", "openmetrics"],
    ["text/plain, application/openmetrics-text;escaping=underscores;q=0.9", "text"],
    ["application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text", "text"],
    ["application/vnd.google.protobuf;proto=other.Family;encoding=delimited", "text"],
    ["application/vnd.google.protobuf", "text"],
    [",;=;,", "text"],
  ])("for %j is %s", (accept, format) => {
    expect(acceptedFormats(accept).best.format).toBe(format);
  });
});
