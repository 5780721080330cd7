import { describe, expect, it } from "vitest";
import type { SavedSelection } from "../../src/views/saved-selection.ts";
import { SavedSelections } from "../../src/views/saved-selections.ts";

const SLICES = 3;
/** The slices that the process before had begun. */
const BEGUN = 10;
const SAVED: SavedSelection = {
  id: "a",
  begun: BEGUN,
  outputs: [],
  countEver: 7,
  sumEver: 0,
  hasCounted: true,
};

/** What a selection is asked to do. */
function selection() {
  const done: unknown[] = [];
  return {
    done,
    restore: (saved: unknown) => done.push(saved),
    advance: () => done.push("advance"),
  };
}

/** What a selection gets that begins some slices after the restart. */
function appliedAfter(slices: number, saved: unknown = SAVED): unknown[] {
  const restored = new SavedSelections(SLICES);
  restored.goOn(BEGUN);
  restored.restore(saved);
  for (let slice = 0; slice < slices; slice += 1) {
    restored.begun += 1;
    restored.expire(0);
  }
  const { done, ...given } = selection();
  restored.apply("a", given);
  return done;
}

describe("the windows of the last process", () => {
  it("wait for their selection, and go on with a slice for each that has begun meanwhile", () => {
    expect(appliedAfter(0)).toEqual([SAVED]);
    expect(appliedAfter(1)).toEqual([SAVED, "advance"]);
    expect(appliedAfter(SLICES)).toEqual([SAVED, "advance", "advance", "advance"]);
  });

  it("are dropped when they have become empty", () => {
    expect(appliedAfter(SLICES + 1)).toEqual([]);
  });

  it("are taken once, by their selection", () => {
    const restored = new SavedSelections(SLICES);
    restored.goOn(BEGUN);
    restored.restore(SAVED);
    const { done, ...given } = selection();
    restored.apply("b", given);
    expect(done).toEqual([]);
    restored.apply("a", given);
    restored.apply("a", given);
    expect(done).toEqual([SAVED]);
  });

  it("are not taken if they are of another time, or damaged", () => {
    expect(appliedAfter(0, { ...SAVED, begun: BEGUN - 1 })).toEqual([]);
    expect(appliedAfter(0, { ...SAVED, countEver: "many" })).toEqual([]);
  });

  it("are saved with their id and the slices that have begun since the first process", () => {
    const restored = new SavedSelections(SLICES);
    restored.begun = 2;
    restored.goOn(BEGUN);
    const { id, begun, ...windows } = SAVED;
    expect([...restored.saved(new Map([[id, { saved: () => windows }]]))]).toEqual([{ ...SAVED, begun: 12 }]);
    expect(begun).toBe(BEGUN);
  });
});

describe("what selections counted today that were forgotten", () => {
  const ofToday = (id: string, total: number): SavedSelection => ({
    ...SAVED,
    id,
    outputs: [{ id: `${id} today`, countedEver: total, today: { total, endsAt: 1000 } }],
  });
  const waiting = (restored: SavedSelections): unknown[] =>
    Array.from(restored.saved(new Map()), ({ id, outputs }) => [id, outputs[0]?.today?.total]);

  it("waits, of the newest and if it is something, until the day is over", () => {
    const restored = new SavedSelections(SLICES);
    for (const [index, id] of ["a", "b", "none", "c", "a"].entries())
      restored.keepToday(ofToday(id, id === "none" ? 0 : index + 1), 2);
    expect(waiting(restored)).toEqual([
      ["c", 4],
      ["a", 5],
    ]);
    restored.begun += SLICES + 1;
    restored.expire(999);
    expect(waiting(restored)).toHaveLength(2);
    restored.expire(1000);
    expect(waiting(restored)).toEqual([]);
  });
});
