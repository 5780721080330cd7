import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MalformedMessage, MessageReader } from "../../../src/wire/remote/message-reader.ts";
import { MessageWriter } from "../../../src/wire/remote/message-writer.ts";
import { bytesOf, hexOf } from "./bytes-of.ts";

/** A reader of one field. */
function at(hex: string): MessageReader {
  const reader = new MessageReader(bytesOf(hex));
  reader.next();
  return reader;
}

describe("MessageReader", () => {
  // Examples of https://protobuf.dev/programming-guides/encoding/
  it("reads the examples of the specification", () => {
    expect(at("089601").int()).toBe(150);
    expect(at("120774657374696e67").text()).toBe("testing");
    expect(at("08feffffffffffffffff01").int()).toBe(-2);
    expect(at("3206038e029ea705").ints()).toEqual([3, 270, 86942]);
    const outer = at("1a03089601");
    expect(outer.field).toBe(3);
    expect(
      outer.inside((message) => {
        message.next();
        return message.int();
      }),
    ).toBe(150);
    expect(outer.next()).toBe(false);
  });

  it("skips what is not read, whatever its type", () => {
    const reader = new MessageReader(bytesOf("089601 110102030405060708 1a03616263 2501020304 2801"));
    const fields: number[] = [];
    while (reader.next()) fields.push(reader.field);
    expect(fields).toEqual([1, 2, 3, 4, 5]);
    expect(reader.field).toBe(5);
  });

  it.each([
    ["a number without an end", "08ff", /ends within a number/],
    ["a number of more than 64 bits", "08ffffffffffffffffffff01", /more than 64 bits/],
    ["a text that is longer than the message", "120774", /field 2 has 7 bytes, but 1 follow/],
    ["a field with the number 0", "0001", /no tag/],
    ["a group", "0b", /wire type 3, which is not known/],
    ["a length that is negative", "12ffffffffffffffffff01", /bytes, but 0 follow/],
  ])("refuses %s", (_, hex, message) => {
    const read = () => {
      const reader = new MessageReader(bytesOf(hex));
      while (reader.next()) reader.field;
    };
    expect(read).toThrow(MalformedMessage);
    expect(read).toThrow(message);
  });

  it("refuses a field of another type, and a text that is not UTF-8", () => {
    expect(() => at("089601").text()).toThrow("field 1 has wire type 0, expected 2");
    expect(() => at("120774657374696e67").int()).toThrow("field 2 has wire type 2, expected 0");
    expect(() => at("1202c328").text()).toThrow("a text is not UTF-8");
    expect(at("1203efbfbd").text()).toBe("\uFFFD");
    expect(() => at("0a0180").ints()).toThrow(MalformedMessage);
  });

  it("does not read a message within another one beyond its end", () => {
    expect(() => at("0a02 0a05 6162636465").inside((message) => message.next() && message.text())).toThrow(
      "field 1 has 5 bytes, but 0 follow",
    );
  });
});

describe("MessageWriter", () => {
  it("writes the examples of the specification", () => {
    const writer = new MessageWriter();
    writer.int(1, 150);
    writer.text(2, "testing");
    writer.int(1, -2);
    expect(hexOf(writer.finish())).toBe("089601120774657374696e6708feffffffffffffffff01");
    expect(writer.length).toBe(0);
  });

  it("refuses a number that is not finite: its bytes would have no end", () => {
    for (const number of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]) {
      expect(() => new MessageWriter().int(1, number)).toThrow(RangeError);
      expect(() => new MessageWriter().zigzag(1, number)).toThrow(RangeError);
    }
    expect(() => new MessageWriter().zigzag(1, 1e308)).toThrow(RangeError);
  });

  it("writes what the reader reads", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 3000 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 2 ** 29 - 1 }), fc.maxSafeInteger(), fc.double(), text), {
          maxLength: 20,
        }),
        (fields) => {
          const writer = new MessageWriter();
          for (const [number, int, double, text] of fields) {
            writer.int(number, int);
            writer.double(number, double);
            writer.text(number, text);
          }
          const reader = new MessageReader(writer.finish());
          for (const [number, int, double, text] of fields) {
            expect([reader.next(), reader.field, reader.int()]).toEqual([true, number, int]);
            expect([reader.next(), reader.field, reader.double().value]).toEqual([true, number, double]);
            expect([reader.next(), reader.field, reader.text()]).toEqual([true, number, text]);
          }
          expect(reader.next()).toBe(false);
        },
      ),
    );
  });
});
