import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { atOnce } from "../../../src/core/yielding-runner.ts";
import { MalformedMessage } from "../../../src/wire/remote/message-reader.ts";
import { keyOf, type Label, type Sample } from "../../../src/wire/remote/time-series.ts";
import {
  encodedWriteRequest,
  type MetricMetadata,
  readWriteRequest as stepsOf,
} from "../../../src/wire/remote/write-request.ts";
import { bytesOf, field, hexOf, textField, withFlippedBits } from "./bytes-of.ts";

const readWriteRequest = (bytes: Uint8Array) => atOnce(stepsOf(bytes));

const label = (name: string, value: string): string => field(1, textField(1, name) + textField(2, value));
/** 1.5 at 1,700,000,000,000 ms. */
const SAMPLE = field(2, "09000000000000f83f" + "1080d095ffbc31");
/** Prometheus's stale marker at 2 ms. */
const END = field(2, "09020000000000f07f" + "1002");

/** The content of a request, with the labels read. */
function contentOf(bytes: Uint8Array) {
  const { series, metadata } = readWriteRequest(bytes);
  return { series: series.map((one) => ({ ...one, key: undefined, labels: one.labels() })), metadata };
}

const texts = fc.string({ unit: "grapheme", maxLength: 30 });
const names = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 });
const labelLists: fc.Arbitrary<Label[]> = fc.array(fc.tuple(names, texts), { maxLength: 6 });
const sampleLists: fc.Arbitrary<Sample[]> = fc.array(
  fc.oneof(
    fc.record({
      at: fc.maxSafeInteger(),
      value: fc.double({ noNaN: true }),
      isEnd: fc.constant(false),
    }),
    fc.record({ at: fc.maxSafeInteger(), value: fc.constant(Number.NaN), isEnd: fc.boolean() }),
  ),
  { maxLength: 5 },
);
const metadataLists: fc.Arbitrary<MetricMetadata[]> = fc.array(
  fc.record({
    family: names,
    type: fc.constantFrom(
      "unknown" as const,
      "counter" as const,
      "gauge" as const,
      "histogram" as const,
      "gaugehistogram" as const,
      "summary" as const,
      "info" as const,
      "stateset" as const,
    ),
    help: texts,
    unit: texts,
  }),
  { maxLength: 3 },
);
const requests = fc.record({
  series: fc.array(fc.record({ labels: labelLists, samples: sampleLists }), { maxLength: 6 }),
  metadata: metadataLists,
});

function encoded({
  series,
  metadata,
}: typeof requests extends fc.Arbitrary<infer T> ? T : never): Uint8Array {
  return encodedWriteRequest(
    series.map(({ labels, samples }) => ({ key: keyOf(labels), samples })),
    metadata,
  );
}

describe("a write request", () => {
  it("has series with labels and samples", () => {
    const hex = field(1, label("__name__", "up") + label("job", "a") + SAMPLE);
    expect(contentOf(bytesOf(hex))).toEqual({
      series: [
        {
          labels: [
            ["__name__", "up"],
            ["job", "a"],
          ],
          samples: [{ at: 1_700_000_000_000, value: 1.5, isEnd: false }],
          nativeHistograms: 0,
        },
      ],
      metadata: [],
    });
    expect(
      hexOf(
        encodedWriteRequest([
          {
            key: keyOf([
              ["__name__", "up"],
              ["job", "a"],
            ]),
            samples: [{ at: 1_700_000_000_000, value: 1.5, isEnd: false }],
          },
        ]),
      ),
    ).toBe(hex);
  });

  it("knows the end of a series from another NaN, and keeps it when it is written", () => {
    const otherNaN = field(2, "09010000000000f87f" + "1003");
    const request = bytesOf(field(1, label("a", "b") + END + otherNaN));
    const [series] = readWriteRequest(request).series;
    expect(series?.samples).toEqual([
      { at: 2, value: Number.NaN, isEnd: true },
      { at: 3, value: Number.NaN, isEnd: false },
    ]);
    const again = encodedWriteRequest([
      { key: keyOf([["a", "b"]]), samples: series?.samples.slice(0, 1) ?? [] },
    ]);
    expect(hexOf(again)).toBe(field(1, label("a", "b") + END));
  });

  it("takes what a field leaves out for its default", () => {
    expect(contentOf(bytesOf(field(1, field(2, "") + label("a", ""))))).toMatchObject({
      series: [{ labels: [["a", ""]], samples: [{ at: 0, value: 0, isEnd: false }] }],
    });
  });

  it("gives equal keys for equal labels, wherever they are in the message", () => {
    const labels = label("a", "1") + label("b", "2");
    const hex =
      field(1, labels + SAMPLE) +
      field(1, SAMPLE + labels) +
      field(1, label("a", "1") + SAMPLE + label("b", "2"));
    const { series } = readWriteRequest(bytesOf(hex));
    expect(new Set(series.map(({ key }) => key)).size).toBe(1);
    for (const one of series)
      expect(one.labels()).toEqual([
        ["a", "1"],
        ["b", "2"],
      ]);
    const [other] = readWriteRequest(bytesOf(field(1, label("a", "1") + SAMPLE))).series;
    expect(other?.key).not.toBe(series[0]?.key);
  });

  it("counts native histograms, and leaves out exemplars and what it does not know", () => {
    const hex = field(
      1,
      label("a", "b") + field(3, "0a00") + field(4, "0801") + field(4, "") + field(9, "01"),
    );
    expect(contentOf(bytesOf(hex + field(2, "0102") + field(15, "")))).toMatchObject({
      series: [{ samples: [], nativeHistograms: 2 }],
    });
  });

  it("has metadata", () => {
    const hex = field(
      3,
      `0803${textField(2, "http_seconds")}${textField(4, "Time.")}${textField(5, "seconds")}`,
    );
    expect(contentOf(bytesOf(hex + field(3, "0809"))).metadata).toEqual([
      { family: "http_seconds", type: "histogram", help: "Time.", unit: "seconds" },
      { family: "", type: "unknown", help: "", unit: "" },
    ]);
  });

  // https://github.com/prometheus/prometheus/blob/main/prompb/types.proto
  it("has types of metrics by their numbers in Prometheus, and none that it does not know", () => {
    const typeOf = (number: number) =>
      contentOf(bytesOf(field(3, `080${number}${textField(2, "a")}`))).metadata[0]?.type;
    expect([0, 1, 2, 3, 4, 5, 6, 7, 8].map(typeOf)).toEqual([
      ...["unknown", "counter", "gauge", "histogram", "gaugehistogram", "summary", "info", "stateset"],
      "unknown",
    ]);
  });

  it("refuses labels that are none, when they are read", () => {
    const [unnamed, broken] = readWriteRequest(
      bytesOf(field(1, field(1, textField(2, "x"))) + field(1, field(1, field(1, "c328")))),
    ).series;
    expect(() => unnamed?.labels()).toThrow("a label has no name");
    expect(() => broken?.labels()).toThrow("a text is not UTF-8");
  });

  it("is read as it was written", () => {
    fc.assert(
      fc.property(requests, (request) => {
        expect(contentOf(encoded(request))).toEqual({
          series: request.series.map((one) => ({ ...one, nativeHistograms: 0 })),
          metadata: request.metadata,
        });
      }),
    );
  });

  it.each([
    ["series", "0a00"],
    ["metadata", "1a00"],
  ])("refuses millions of %s in a few bytes each: they would take all memory", (_, hex) => {
    const bytes = bytesOf(hex.repeat(2_000_001));
    expect(() => readWriteRequest(bytes)).toThrow(
      new MalformedMessage("the message has more than 2000000 parts"),
    );
    expect(() => readWriteRequest(bytes.subarray(0, 20_000))).not.toThrow();
  });

  it("never fails in another way, whatever bits are flipped and wherever it is cut", () => {
    fc.assert(
      fc.property(
        requests,
        fc.array(fc.nat(), { maxLength: 4 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (request, bits, share) => {
          const whole = encoded(request);
          const broken = withFlippedBits(whole, bits).subarray(0, Math.ceil(whole.length * share));
          try {
            contentOf(broken);
          } catch (error) {
            expect(error).toBeInstanceOf(MalformedMessage);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
