import { describe, expect, it } from "vitest";
import { BackgroundAnswers } from "../../../src/observe/provider-sdks/background.ts";

const MOST = 1000;

/** As many answers as are remembered; which of them are told of a later part. */
function full(): { answers: BackgroundAnswers; isKnown: (id: string) => boolean } {
  const answers = new BackgroundAnswers();
  for (let id = 0; id < MOST; id += 1) answers.add(String(id), { polled: () => false });
  return { answers, isKnown: (id) => answers.poll(id) !== undefined };
}

describe("answers in the background", () => {
  it("are forgotten in the order in which they began when there are too many", () => {
    const { answers, isKnown } = full();
    answers.add("new", { polled: () => false });
    expect(["0", "1", "new"].map(isKnown)).toEqual([false, true, true]);
  });

  it("that are known already take nobody's place", () => {
    const { answers, isKnown } = full();
    answers.add("5", { polled: () => false });
    expect(["0", "1", "5"].map(isKnown)).toEqual([true, true, true]);
    // It began anew: others are forgotten before it.
    for (let more = 0; more < 10; more += 1) answers.add(`new ${more}`, { polled: () => false });
    expect(["5", "9", "10", "11"].map(isKnown)).toEqual([true, false, false, true]);
  });
});
