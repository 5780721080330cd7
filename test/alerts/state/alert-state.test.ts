import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type AlertSignal,
  type AlertState,
  inactiveSince,
  nextStanding,
  silenced,
} from "../../../src/alerts/state/alert-state.ts";

const MINUTE = 60_000;
const timing = { forMillis: 2 * MINUTE, keepFiringForMillis: 3 * MINUTE, cooldownMillis: 5 * MINUTE };
const signals: Record<string, AlertSignal> = { r: "raise", h: "hold", c: "clear" };
const letters: Record<AlertState, string> = { inactive: "i", pending: "p", firing: "F", resolved: "R" };

/** One signal a minute; one letter a minute: inactive, pending, Firing, Resolved. */
function timeLine(line: string, patience = timing): string {
  let standing = inactiveSince(0);
  return [...line]
    .map((letter, minute) => {
      standing = nextStanding(standing, signals[letter] as AlertSignal, minute * MINUTE, patience);
      return letters[standing.state];
    })
    .join("");
}

describe("an alert on a time line", () => {
  it("fires when the condition has held for long enough, and not before", () => {
    expect(timeLine("ccrrrr")).toBe("iippFF");
  });

  it("does not fire on a spike", () => {
    expect(timeLine("cccrcccrrccc")).toBe("iiipiiippiii");
  });

  it("does not fire on a flap", () => {
    expect(timeLine("rcrcrcrcrcrc")).toBe("pipipipipipi");
    expect(timeLine("rhrhrhrhrhrh")).toBe("pipipipipipi");
  });

  it("goes on firing between the two thresholds, for however long", () => {
    expect(timeLine("rrrhhhhhhhhhhh")).toBe("ppFFFFFFFFFFFF");
  });

  it("resolves when it has been clear for long enough without a break", () => {
    expect(timeLine("rrrcccc")).toBe("ppFFFFR");
    expect(timeLine("rrrcccrcchccccc")).toBe("ppFFFFFFFFFFFRR");
  });

  it("begins no new alert during the cooldown, and then has to be patient again", () => {
    expect(timeLine("rrrccccrrrrrrrr")).toBe("ppFFFFRRRRRppFF");
  });

  it("is forgotten after the cooldown when all is well", () => {
    expect(timeLine("rrrccccccccccc")).toBe("ppFFFFRRRRRiii");
  });

  it("fires and resolves at once where it is told to have no patience", () => {
    const none = { forMillis: 0, keepFiringForMillis: 0, cooldownMillis: 0 };
    expect(timeLine("crcrcc", none)).toBe("iFRFRi");
  });

  it("says since when it fires, also after it has been resolved", () => {
    let standing = inactiveSince(0);
    for (const [at, signal] of [
      [10, "raise"],
      [10 + 2 * MINUTE, "raise"],
    ] as const)
      standing = nextStanding(standing, signal, at, timing);
    expect(standing).toEqual({ state: "firing", since: 10 + 2 * MINUTE, firedAt: 10 + 2 * MINUTE });
    standing = nextStanding(standing, "clear", 30 * MINUTE, timing);
    standing = nextStanding(standing, "clear", 33 * MINUTE, timing);
    expect(standing).toEqual({ state: "resolved", since: 33 * MINUTE, firedAt: 10 + 2 * MINUTE });
  });
});

describe("an alert whose series vanishes or is worked on", () => {
  it("resolves where it fires and gives up where it waits", () => {
    const firing = { state: "firing", since: 7, firedAt: 7, clearSince: 8 } as const;
    expect(silenced(firing, 9)).toEqual({ state: "resolved", since: 9, firedAt: 7 });
    expect(silenced({ state: "pending", since: 7 }, 9)).toEqual({ state: "inactive", since: 9 });
    const resolved = { state: "resolved", since: 7, firedAt: 3 } as const;
    expect(silenced(resolved, 9)).toBe(resolved);
  });
});

describe("any time line", () => {
  it("fires only after an unbroken raise, and stops only after an unbroken clear", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("r", "h", "c"), { maxLength: 60 }), (list) => {
        const line = list.join("");
        const states = timeLine(line);
        for (let minute = 1; minute < line.length; minute++) {
          const [before, now] = [states[minute - 1], states[minute]];
          if (before !== "F" && now === "F") expect(line.slice(minute - 2, minute + 1)).toBe("rrr");
          if (before === "F" && now !== "F") expect(line.slice(minute - 3, minute + 1)).toBe("cccc");
        }
      }),
    );
  });
});
