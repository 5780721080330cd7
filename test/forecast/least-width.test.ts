import { describe, expect, it } from "vitest";
import { LeastWidth } from "../../src/forecast/least-width.ts";
import { naturalBounds } from "../../src/forecast/natural-bounds.ts";

const none = { lower95: 0, lower80: 0, upper80: 0, upper95: 0 };

describe("LeastWidth", () => {
  it("gives a series that moves a tenth of its mean step, growing with the square root", () => {
    const least = new LeastWidth(Float64Array.of(0, 4, Number.NaN, 0, 4));
    expect(least.widen(none, 9)).toEqual({
      lower95: expect.closeTo(-2.4, 9),
      lower80: expect.closeTo(-1.2, 9),
      upper80: expect.closeTo(1.2, 9),
      upper95: expect.closeTo(2.4, 9),
    });
  });

  it("leaves wider bounds, and those of a constant", () => {
    const wide = { lower95: -9, lower80: -5, upper80: 5, upper95: 9 };
    expect(new LeastWidth(Float64Array.of(0, 1)).widen(wide, 1)).toEqual(wide);
    expect(new LeastWidth(Float64Array.of(2, 2, 2)).widen(none, 5)).toEqual(none);
  });

  it("notices that a constant moves", () => {
    const least = new LeastWidth(Float64Array.of(2, 2, 2));
    least.take(5);
    expect(least.widen(none, 1).upper80).toBeGreaterThan(0);
  });
});

describe("naturalBounds", () => {
  it("is 0 for what was never negative", () => {
    expect(naturalBounds({ upper: 1 }, [0.2, null, 0])).toEqual({ lower: 0, upper: 1 });
    expect(naturalBounds({}, [0.2, -0.1])).toEqual({});
    expect(naturalBounds({ lower: -5 }, [1])).toEqual({ lower: -5 });
  });
});
