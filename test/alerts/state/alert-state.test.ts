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

/** One signal each minute, and one letter each minute: inactive, pending, Firing, Resolved. */
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
  it("fires when the condition has held long enough, and not before", () => {
    expect(timeLine("ccrrrr")).toBe("iippFF");
  });

  it("does not fire on a spike", () => {
    expect(timeLine("cccrcccrrccc")).toBe("iiipiiippiii");
  });

  it("does not fire on a condition that flaps", () => {
    expect(timeLine("rcrcrcrcrcrc")).toBe("pipipipipipi");
    expect(timeLine("rhrhrhrhrhrh")).toBe("pipipipipipi");
  });

  it("continues to fire between the two thresholds, however long", () => {
    expect(timeLine("rrrhhhhhhhhhhh")).toBe("ppFFFFFFFFFFFF");
  });

  it("is resolved when the condition has been over long enough without a break", () => {
    expect(timeLine("rrrcccc")).toBe("ppFFFFR");
    expect(timeLine("rrrcccrcchccccc")).toBe("ppFFFFFFFFFFFRR");
  });

  it("begins no new alert during the cooldown, and then waits again before it fires", () => {
    expect(timeLine("rrrccccrrrrrrrr")).toBe("ppFFFFRRRRRppFF");
  });

  it("is inactive after the cooldown if the condition is over", () => {
    expect(timeLine("rrrccccccccccc")).toBe("ppFFFFRRRRRiii");
  });

  it("fires and resolves at once without waits", () => {
    const none = { forMillis: 0, keepFiringForMillis: 0, cooldownMillis: 0 };
    expect(timeLine("crcrcc", none)).toBe("iFRFRi");
  });

  it("keeps the time when it began to fire, also after it is resolved", () => {
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

describe("an alert whose series vanishes or is under maintenance", () => {
  it("is resolved if it fires, and inactive if it is pending", () => {
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
