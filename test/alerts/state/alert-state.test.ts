import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type AlertEvidence,
  type AlertStanding,
  type AlertState,
  type AlertTiming,
  hasEscalated,
  inactiveSince,
  nextStanding,
  silenced,
} from "../../../src/alerts/state/alert-state.ts";

const MINUTE = 60_000;
const timing: AlertTiming = {
  forMillis: 2 * MINUTE,
  levelForMillis: 0,
  keepFiringForMillis: 3 * MINUTE,
  cooldownMillis: 5 * MINUTE,
};
/** `L`: the level is beyond the threshold. `b`: so it is, with the support of the forecast. */
const evidence: Record<string, AlertEvidence> = {
  L: { signal: "level", isPast: true },
  n: { signal: "level", isPast: false },
  b: { signal: "raise", isPast: true },
  r: { signal: "raise", isPast: false },
  h: { signal: "hold", isPast: false },
  c: { signal: "clear", isPast: false },
};
const letters: Record<AlertState, string> = { inactive: "i", pending: "p", firing: "F", resolved: "R" };

/** The standings after one piece of evidence each minute. */
function standings(line: string, patience = timing): AlertStanding[] {
  let standing = inactiveSince(0);
  return [...line].map((letter, minute) => {
    standing = nextStanding(standing, evidence[letter] as AlertEvidence, minute * MINUTE, patience);
    return standing;
  });
}

/** One letter each minute: inactive, pending, Firing, Resolved; `!` where it has become worse. */
function timeLine(line: string, patience = timing): string {
  const all = standings(line, patience);
  return all
    .map((standing, minute) => {
      const before = all[minute - 1] ?? inactiveSince(0);
      return hasEscalated(before, standing) ? "!" : letters[standing.state];
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
    const none = { forMillis: 0, levelForMillis: 0, keepFiringForMillis: 0, cooldownMillis: 0 };
    expect(timeLine("crcrcc", none)).toBe("iFRFRi");
  });

  it("keeps the time when it began to fire, also after it is resolved", () => {
    let standing = inactiveSince(0);
    for (const [at, signal] of [
      [10, "raise"],
      [10 + 2 * MINUTE, "raise"],
      [30 * MINUTE, "clear"],
      [33 * MINUTE, "clear"],
    ] as const) {
      standing = nextStanding(standing, { signal, isPast: false }, at, timing);
      if (signal === "raise" && at > 10)
        expect(standing).toMatchObject({ state: "firing", since: at, firedAt: at });
    }
    const firedAt = 10 + 2 * MINUTE;
    expect(standing).toEqual({ state: "resolved", since: 33 * MINUTE, firedAt, cause: "forecast" });
  });
});

describe("a level beyond the threshold", () => {
  it("fires at once, from the first sample on", () => {
    expect(timeLine("LLL")).toBe("FFF");
    expect(timeLine("ccL")).toBe("iiF");
    expect(timeLine("crL")).toBe("ipF");
  });

  it("waits as long as the rule says, together with the time that the forecast was pending", () => {
    const patient = { ...timing, levelForMillis: 2 * MINUTE };
    expect(timeLine("LLLL", patient)).toBe("ppFF");
    expect(timeLine("crLL", patient)).toBe("ippF");
    expect(timeLine("LcLcLc", patient)).toBe("pipipi");
  });

  it("fires during the cooldown, in which the forecast does not", () => {
    expect(timeLine("rrrccccrrL")).toBe("ppFFFFRRRF");
    expect(timeLine("LccccLcccc")).toBe("FFFFRFFFFR");
  });

  it("that comes back before the alert fires leaves the cooldown as it is", () => {
    const patient = { ...timing, levelForMillis: 2 * MINUTE };
    // Without the peak the forecast begins no alert during the cooldown either.
    expect(timeLine("rrrcccccccrrrr", patient)).toBe("ppFFFFRRRRRppF");
    expect(timeLine("rrrccccLccrrrr", patient)).toBe("ppFFFFRpRRRppF");
    expect(timeLine("rrrccccLrrrrrr", patient)).toBe("ppFFFFRpRRRppF");
    expect(timeLine("rrrccccLLLc", patient)).toBe("ppFFFFRppFF");
  });

  it("makes an alert that fires on the forecast worse, once", () => {
    expect(timeLine("rrrrLLrL")).toBe("ppFF!FFF");
    expect(timeLine("rrrhLhLh")).toBe("ppFF!FFF");
  });

  it("makes it worse again only after it was back for the cooldown", () => {
    expect(timeLine("rrrLrrrrrL")).toBe("ppF!FFFFF!");
    expect(timeLine("rrrLrrrrL")).toBe("ppF!FFFFF");
  });

  it("does not make an alert worse that began with it", () => {
    expect(timeLine("LLLhhL")).toBe("FFFFFF");
    expect(timeLine("bbbbb")).toBe("ppFFF");
  });

  it("is kept with its whole duration, also by the end of the alert", () => {
    expect(standings("rrrLLhLhcccc").at(-1)).toMatchObject({
      state: "resolved",
      cause: "forecast",
      firedAt: 2 * MINUTE,
      crossing: { at: 3 * MINUTE, millis: 3 * MINUTE, until: 7 * MINUTE },
    });
    const [first] = standings("L");
    expect(silenced(first as AlertStanding, 4 * MINUTE)).toMatchObject({
      state: "resolved",
      cause: "level",
      crossing: { millis: 4 * MINUTE },
    });
  });
});

describe("a level near a threshold from which it does not come back", () => {
  it("fires at once, and becomes worse when it passes the threshold", () => {
    expect(timeLine("nnL")).toBe("FF!");
    expect(standings("n")[0]).toMatchObject({ cause: "near" });
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
  it("fires after an unbroken raise or a level past the threshold, and stops after an unbroken clear", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("L", "r", "h", "c"), { maxLength: 60 }), (list) => {
        const line = list.join("");
        const states = timeLine(line);
        for (let minute = 1; minute < line.length; minute++) {
          const [before, now] = [states[minute - 1], states[minute]];
          if (line[minute] === "L") expect("F!").toContain(now);
          else if (!isFiring(before) && isFiring(now)) expect(line.slice(minute - 2, minute + 1)).toBe("rrr");
          if (isFiring(before) && !isFiring(now)) expect(line.slice(minute - 3, minute + 1)).toBe("cccc");
        }
      }),
    );
  });
});

function isFiring(letter: string | undefined): boolean {
  return letter === "F" || letter === "!";
}
