import { expect, it } from "vitest";
import { attempt, realActionClock, retryDelay } from "../../../src/alerts/actions/attempt.ts";

const pace = { firstMillis: 100, longestMillis: 1000 };

it("a retry waits a random part of a maximum, which doubles up to a limit", () => {
  expect([0, 1, 2, 3, 4, 60].map((retry) => retryDelay(retry, pace, 1))).toEqual([
    100, 200, 400, 800, 1000, 1000,
  ]);
  expect(retryDelay(2, pace, 0.25)).toBe(100);
  expect(retryDelay(2, pace, 0)).toBe(0);
});

it("a time limit may be longer than a timer of Node can wait", async () => {
  const clock = realActionClock(Date.now);
  const hours = 600 * 3_600_000;
  const work = () => clock.wait(50, new AbortController().signal);
  expect(await attempt(work, hours, new AbortController().signal, clock)).toEqual({ kind: "succeeded" });
});
