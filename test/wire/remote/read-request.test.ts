import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MalformedMessage } from "../../../src/wire/remote/message-reader.ts";
import { readReadRequest } from "../../../src/wire/remote/read-request.ts";
import { ReadResponseWriter } from "../../../src/wire/remote/read-response.ts";
import { keyOf } from "../../../src/wire/remote/time-series.ts";
import { bytesOf, field, hexOf, textField, withFlippedBits } from "./bytes-of.ts";

const matcher = (type: string, name: string, value: string): string =>
  field(3, type + textField(2, name) + textField(3, value));

const QUERY = field(
  1,
  "08e807" +
    "10d00f" +
    matcher("", "__name__", "up") +
    matcher("0801", "job", "a") +
    matcher("0802", "b", ".+") +
    matcher("0803", "c", "x") +
    field(
      4,
      "08f403" +
        textField(2, "max_over_time") +
        "18e807" +
        "20d00f" +
        textField(5, "job") +
        "3001" +
        "388827",
    ),
);

describe("a read request", () => {
  it("has queries with a range, matchers and hints", () => {
    expect(readReadRequest(bytesOf(QUERY))).toEqual({
      queries: [
        {
          startMillis: 1000,
          endMillis: 2000,
          matchers: [
            { comparison: "=", name: "__name__", value: "up" },
            { comparison: "!=", name: "job", value: "a" },
            { comparison: "=~", name: "b", value: ".+" },
            { comparison: "!~", name: "c", value: "x" },
          ],
          hints: {
            stepMillis: 500,
            func: "max_over_time",
            startMillis: 1000,
            endMillis: 2000,
            grouping: ["job"],
            isBy: true,
            rangeMillis: 5000,
          },
        },
      ],
      acceptsSamples: true,
    });
  });

  it.each([
    ["no type", "", true],
    ["samples, packed or not", "1000", true],
    ["chunks before samples, packed", "12020100", true],
    ["chunks before samples", "10011000", true],
    ["only chunks", "1001", false],
  ])("names the types of an answer: %s", (_, hex, acceptsSamples) => {
    expect(readReadRequest(bytesOf(hex))).toEqual({ queries: [], acceptsSamples });
  });

  it("refuses a matcher that it does not know", () => {
    expect(() => readReadRequest(bytesOf(field(1, matcher("0804", "a", "b"))))).toThrow(
      "a matcher has the type 4, expected 0 to 3",
    );
  });

  it("takes any number of types", () => {
    const types = new Uint8Array(300_000);
    const bytes = Uint8Array.from([...bytesOf("12e0a712"), ...types]);
    expect(readReadRequest(bytes).acceptsSamples).toBe(true);
  });

  it("refuses more queries than anybody asks at once: each is asked of all series", () => {
    const bytes = bytesOf("0a00".repeat(10_001));
    expect(() => readReadRequest(bytes)).toThrow(
      new MalformedMessage("the message has more than 10000 parts"),
    );
    expect(readReadRequest(bytes.subarray(0, 20_000)).queries).toHaveLength(10_000);
  });

  it("never fails in another way, whatever bits are flipped and wherever it is cut", () => {
    const whole = bytesOf(QUERY);
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 4 }), fc.nat(whole.length), (bits, length) => {
        try {
          readReadRequest(withFlippedBits(whole, bits).subarray(0, length));
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedMessage);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe("a read response", () => {
  it("has one result for each query, with the series and their samples", () => {
    const writer = new ReadResponseWriter();
    const samples = [
      { at: 2, value: 1.5, isEnd: false },
      { at: 300, value: -0, isEnd: false },
    ];
    expect(writer.add({ key: keyOf([["a", "b"]]), samples })).toBe(2);
    writer.endResult();
    writer.endResult();
    const series =
      field(1, textField(1, "a") + textField(2, "b")) +
      field(2, "09000000000000f83f" + "1002") +
      field(2, "090000000000000080" + "10ac02");
    expect(hexOf(writer.finish())).toBe(field(1, field(1, series)) + field(1, ""));
  });
});
