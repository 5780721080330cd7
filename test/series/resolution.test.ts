import { describe, expect, it } from "vitest";
import { checkResolutions, defaultResolutions } from "../../src/series/resolution.ts";

const MINUTES = { stepSeconds: 60, capacity: 1440 };
const QUARTERS = { stepSeconds: 900, capacity: 2880 };

describe("defaultResolutions", () => {
  it("keeps 10 s for an hour, minutes for a day, quarters of an hour for a month", () => {
    expect(defaultResolutions(10)).toEqual([{ stepSeconds: 10, capacity: 360 }, MINUTES, QUARTERS]);
  });

  it("keeps at most 1,000 base steps, at least 360", () => {
    expect(defaultResolutions(1)[0]).toEqual({ stepSeconds: 1, capacity: 1000 });
    expect(defaultResolutions(30)[0]).toEqual({ stepSeconds: 30, capacity: 360 });
  });

  it("lets the base tier replace those that are no coarser, with their span", () => {
    expect(defaultResolutions(60)).toEqual([{ stepSeconds: 60, capacity: 1440 }, QUARTERS]);
    // Two and a half days, so that a daily season can be found.
    expect(defaultResolutions(300)).toEqual([{ stepSeconds: 300, capacity: 720 }, QUARTERS]);
    expect(defaultResolutions(120)).toEqual([{ stepSeconds: 120, capacity: 720 }, QUARTERS]);
    expect(defaultResolutions(900)).toEqual([QUARTERS]);
    expect(defaultResolutions(3600)).toEqual([{ stepSeconds: 3600, capacity: 720 }]);
  });

  it.each([0, -10, Number.NaN, Number.POSITIVE_INFINITY])("refuses a base step of %s", (step) => {
    expect(() => defaultResolutions(step)).toThrow(/^baseStepSeconds: expected a positive number/);
  });
});

describe("checkResolutions", () => {
  it("takes the defaults", () => {
    for (const base of [1, 10, 60, 3600])
      expect(() => checkResolutions(defaultResolutions(base))).not.toThrow();
  });

  it("throws with what is wrong", () => {
    expect(() => checkResolutions([])).toThrow("resolutions: expected at least one, got none");
    expect(() => checkResolutions([{ stepSeconds: 0, capacity: 1 }])).toThrow(
      /^stepSeconds: .* above 0, got 0/,
    );
    expect(() => checkResolutions([MINUTES, MINUTES])).toThrow(/^stepSeconds: .* above 60, got 60/);
    expect(() => checkResolutions([{ stepSeconds: 1, capacity: 0.5 }])).toThrow(/^capacity: .* got 0.5/);
  });
});
