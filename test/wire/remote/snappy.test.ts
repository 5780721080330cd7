import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MalformedMessage } from "../../../src/wire/remote/message-reader.ts";
import { compressed, TooManyBytes, uncompressed } from "../../../src/wire/remote/snappy.ts";
import { bytesOf, withFlippedBits } from "./bytes-of.ts";

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

/** Bytes that repeat themselves, as metrics do. */
const repetitive = fc
  .array(fc.oneof(fc.string({ maxLength: 40 }), fc.constantFrom("instance", "10.0.0.1:9090", "a")), {
    maxLength: 400,
  })
  .map((parts) => Uint8Array.from(Buffer.from(parts.join(""))));

describe("snappy", () => {
  // https://github.com/google/snappy/blob/main/format_description.txt
  it("uncompresses literals and copies of each kind", () => {
    expect(text(uncompressed(bytesOf("03 08 616263")))).toBe("abc");
    expect(text(uncompressed(bytesOf("07 08 786162 01 02")))).toBe("xababab");
    expect(text(uncompressed(bytesOf("07 08 786162 0e 0200")))).toBe("xababab");
    expect(text(uncompressed(bytesOf("07 08 786162 0f 02000000")))).toBe("xababab");
    const long = "a".repeat(70);
    expect(text(uncompressed(bytesOf(`46 f0 45 ${"61".repeat(70)}`)))).toBe(long);
    expect(text(uncompressed(bytesOf(`46 fc 45000000 ${"61".repeat(70)}`)))).toBe(long);
    expect(uncompressed(bytesOf("00"))).toHaveLength(0);
  });

  it("gives back what was compressed", () => {
    fc.assert(
      fc.property(fc.oneof(repetitive, fc.uint8Array({ maxLength: 3000 })), (bytes) => {
        const given = Uint8Array.from(bytes);
        expect(uncompressed(compressed(given))).toEqual(given);
      }),
    );
  });

  it.each([
    ["nothing", "", "does not begin with a length"],
    ["a length without an end", "ffffffffffff", "does not begin with a length"],
    ["a length of six bytes", "808080808000", "does not begin with a length"],
    ["a body that is cut", "04 0c 616263", "ends within an element"],
    ["a copy that is cut", "07 08 786162 01", "repeats bytes at no distance"],
    ["a long copy that is cut", "07 08 786162 0f 020000", "ends within an element"],
    ["less than it says", "05 08 616263", "becomes 3 bytes, but says 5"],
    ["more than it says", "02 08 616263", "becomes more than the 2 bytes that it says"],
    ["a copy from before the start", "05 00 61 01 02", "repeats bytes before its first one"],
    // The library takes this length for a negative one, and goes back by 2 GiB.
    ["a literal of 2 GiB", "05 fc ffffff7f 6161", "ends within an element"],
    ["a literal of 4 GiB", "05 fc 000000ff 6161", "ends within an element"],
    ["a copy from 4 GiB before", "07 08 786162 0f ffffffff", "repeats bytes before its first one"],
  ])("refuses %s", (_, hex, message) => {
    expect(() => uncompressed(bytesOf(hex))).toThrow(MalformedMessage);
    expect(() => uncompressed(bytesOf(hex))).toThrow(message);
  });

  it("refuses a body that would become too large, before it allocates anything", () => {
    // A declared length of 4 GiB - 1, and of one byte more than the limit.
    expect(() => uncompressed(bytesOf("ffffffff0f 00 61"))).toThrow(TooManyBytes);
    expect(() => uncompressed(bytesOf("03 08 616263"), 2)).toThrow(
      "the body becomes 3 bytes, expected at most 2",
    );
    expect(uncompressed(bytesOf("03 08 616263"), 3)).toHaveLength(3);
  });

  it("never fails in another way, whatever bits are flipped and wherever it is cut", () => {
    fc.assert(
      fc.property(
        repetitive,
        fc.array(fc.nat(), { maxLength: 4 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (bytes, bits, share) => {
          const whole = compressed(Uint8Array.from(bytes));
          const broken = withFlippedBits(whole, bits).subarray(0, Math.ceil(whole.length * share));
          try {
            expect(uncompressed(broken, 1_000_000).length).toBeLessThanOrEqual(1_000_000);
          } catch (error) {
            expect(error instanceof MalformedMessage || error instanceof TooManyBytes, String(error)).toBe(
              true,
            );
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
