import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SLOT_COUNT, slotName, slotOf } from "../../../src/gateway/state/slots.ts";
import { xxHash32 } from "../../../src/gateway/state/xx-hash-32.ts";

const digits = "123456789ABCDEF0";

describe("xxHash32", () => {
  // The first: the specification. The others: python-xxhash 4.1.0, a binding of xxHash 0.8.4.
  it.each([
    ["", 0x02cc5d05],
    ["1", 0xb6ecc8b2],
    ["123", 0xb6855437],
    ["1234", 0x01543429],
    ["12345678", 0x89f05aa5],
    [digits.slice(0, 15), 0x576e3cf9],
    [digits, 0xf717aa31],
    ["The quick brown fox jumps over the lazy dog", 0xe85ea4de],
    ["x".repeat(1000), 0x73bcd817],
    ["é", 0x33a52927],
    ["metric\u0000label\u0001日本語😀", 0x69fe4bba],
    ["http_requests_total\u0000job\u0001api\u0000instance\u000110.0.0.1:9090", 0x84d0c8a5],
  ])("gives the known answer for %j", (text, hash) => {
    expect(xxHash32(text)).toBe(hash);
  });

  it("depends on the text alone, also after a longer one", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 3000 }), fc.string(), (long, short) => {
        const before = [xxHash32(short), xxHash32(long)];
        expect([xxHash32(short), xxHash32(long)]).toEqual(before);
      }),
    );
  });
});

describe("slots", () => {
  it("are the first bits of the hash", () => {
    expect(slotOf("")).toBe(0x02);
    expect(slotOf("1")).toBe(0xb6);
    expect(slotOf("12345678")).toBe(0x89);
  });

  it("have names that sort", () => {
    expect(slotName(7)).toBe("slot-07");
    expect(slotName(255)).toBe("slot-ff");
  });

  it("have about as many series each", () => {
    const each = 400;
    const counts = new Array<number>(SLOT_COUNT).fill(0);
    for (let series = 0; series < each * SLOT_COUNT; series += 1) {
      const slot = slotOf(`requests\u0000instance\u0001app-${series}`);
      counts[slot] = (counts[slot] as number) + 1;
    }
    // Five standard deviations of a Poisson distribution.
    for (const count of counts) expect(Math.abs(count - each)).toBeLessThan(5 * Math.sqrt(each));
  });
});
