import fc from "fast-check";
import protobuf from "protobufjs";
import { describe, expect, it } from "vitest";
import { MalformedMessage } from "../../src/wire/malformed-message.ts";
import { tagOf, WIRE } from "../../src/wire/protobuf-fields.ts";
import { ProtobufReader } from "../../src/wire/protobuf-reader.ts";

const readerOf = (...bytes: number[]): ProtobufReader => new ProtobufReader(Uint8Array.from(bytes));
const fixed64 = (value: bigint): ProtobufReader => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value, true);
  return new ProtobufReader(bytes);
};

/** As protobufjs takes it. */
const longOf = (value: bigint): protobuf.Long =>
  ({
    low: Number(BigInt.asIntN(32, value)),
    high: Number(BigInt.asIntN(32, value >> 32n)),
    unsigned: value >= 0n,
  }) as protobuf.Long;

describe("a reader of protobuf", () => {
  it("reads the examples of the encoding guide", () => {
    // https://protobuf.dev/programming-guides/encoding: 150, "testing", packed 3, 270, 86942
    expect(readerOf(0x08, 0x96, 0x01).tag()).toBe(tagOf(1, WIRE.varint));
    expect(readerOf(0x96, 0x01).varint()).toBe(150);
    expect(readerOf(0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67).text()).toBe("testing");
    const packed = readerOf(0x06, 0x03, 0x8e, 0x02, 0x9e, 0xa7, 0x05);
    const outer = packed.enter();
    expect([packed.varint(), packed.varint(), packed.varint(), packed.hasMore]).toEqual([
      3,
      270,
      86_942,
      false,
    ]);
    packed.leave(outer);
    // "-2 is encoded as 3 in sint32"; -2 as int64 has ten bytes.
    expect([0, 1, 2, 3].map((byte) => readerOf(byte).sint32())).toEqual([0, -1, 1, -2]);
    expect(readerOf(0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01).int64()).toBe(-2n);
  });

  it.each([0n, 1n, -1n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)])(
    "reads the whole number %s",
    (number) => {
      const writer = protobuf.Writer.create().int64(longOf(number));
      expect(new ProtobufReader(writer.finish()).int64()).toBe(number);
      expect(fixed64(BigInt.asUintN(64, number)).sfixed64()).toBe(Number(number));
      expect(fixed64(BigInt.asUintN(64, number)).fixed64()).toBe(Number(BigInt.asUintN(64, number)));
    },
  );

  it("reads every number that protobufjs writes", () => {
    fc.assert(
      fc.property(fc.nat(2 ** 32 - 1), fc.integer(), fc.double(), fc.bigInt(0n, 2n ** 64n - 1n), (...all) => {
        const [unsigned, signed, double, nanos] = all;
        const bytes = protobuf.Writer.create()
          .uint32(unsigned)
          .sint32(signed)
          .double(double)
          .uint64(longOf(nanos))
          .finish();
        const reader = new ProtobufReader(bytes);
        expect([reader.varint(), reader.sint32(), reader.double()]).toEqual([unsigned, signed, double]);
        expect(reader.varint() / Number(nanos || 1n)).toBeCloseTo(nanos === 0n ? 0 : 1, 14);
        expect(fixed64(nanos).nanosAsMillis()).toBe(Number(nanos / 1_000_000n));
      }),
    );
  });

  it("skips fields of every kind, also groups in groups", () => {
    const reader = readerOf(
      ...[0x08, 0x96, 0x01], // 1: 150
      ...[0x11, 1, 2, 3, 4, 5, 6, 7, 8], // 2: 64 bits
      ...[0x1a, 0x02, 0x61, 0x62], // 3: "ab"
      ...[0x23, 0x08, 0x01, 0x2b, 0x12, 0x01, 0x61, 0x2c, 0x24], // 4: a group that holds a group
      ...[0x35, 1, 2, 3, 4], // 6: 32 bits
      ...[0x38, 0x2a], // 7: 42
    );
    expect(reader.find(tagOf(7, WIRE.varint))).toBe(true);
    expect(reader.varint()).toBe(42);
    expect(reader.find(tagOf(7, WIRE.varint))).toBe(false);
  });

  it("goes back to a message, and leaves one that it has read in part", () => {
    const reader = readerOf(0x03, 0x08, 0x01, 0x07, 0x2a);
    const start = reader.position;
    for (let times = 0; times < 2; times += 1) {
      const outer = reader.enter();
      expect([reader.tag(), reader.varint()]).toEqual([tagOf(1, WIRE.varint), 1]);
      reader.leave(outer);
      expect(reader.varint()).toBe(42);
      reader.rewind(start);
    }
  });

  it.each([
    ["a number that is cut off", () => readerOf(0x96).varint()],
    ["a number of 64 bits that is cut off", () => readerOf(1, 2, 3).double()],
    ["a text that is longer than the message", () => readerOf(0x03, 0x61, 0x62).text()],
    ["a length of 2^63", () => readerOf(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1).enter()],
    ["no tag", () => readerOf().tag()],
    ["a group that does not end", () => readerOf(0x23, 0x08, 0x01).find(8)],
  ])("throws for %s", (_, read) => {
    expect(read).toThrow(new MalformedMessage("the protobuf message is cut off, or has a wrong length"));
  });

  it("throws for what no serializer writes", () => {
    expect(() => readerOf(0x00).tag()).toThrow("there is no protobuf field with the tag 0");
    expect(() => readerOf(0x05).tag()).toThrow("there is no protobuf field with the tag 5");
    expect(() => readerOf(0xff, 0xff, 0xff, 0xff, 0xff, 0x01).tag()).toThrow("there is no protobuf field");
    expect(() => readerOf(0x0c).find(8)).toThrow("the protobuf tag 12 is not expected here");
    expect(() => readerOf(0x0f).find(8)).toThrow("the protobuf tag 15 is not expected here");
    expect(() => readerOf(...new Array(11).fill(0x80)).varint()).toThrow(
      "a protobuf number has more than 10 bytes",
    );
  });

  it("throws for a message of very many fields, which would take long", () => {
    const fields = (count: number): ProtobufReader =>
      new ProtobufReader(new Uint8Array(2 * count).fill(0x08));
    expect(fields(500_000).find(tagOf(2, WIRE.varint))).toBe(false);
    expect(() => fields(500_001).find(tagOf(2, WIRE.varint))).toThrow(
      "a protobuf message has more than 500000 fields",
    );
    // Each of these is read in a turn of its own.
    const reader = fields(600_000);
    while (reader.find(tagOf(1, WIRE.varint))) reader.varint();
    expect(reader.hasMore).toBe(false);
  });

  it("reads no byte of the message around", () => {
    const reader = readerOf(0x02, 0x0a, 0x03, 0x61, 0x62, 0x63);
    reader.enter();
    expect(reader.tag()).toBe(tagOf(1, WIRE.bytes));
    expect(() => reader.text()).toThrow(MalformedMessage);
  });
});
