import { describe, expect, it } from "vitest";
import { ListeningTime } from "../../src/measure/listening-time.ts";

const MINUTE = 60_000;

/** Collections at these times, of a process that collects every 10 s. */
function listening(...times: number[]): ListeningTime {
  const listening = new ListeningTime({ intervalMillis: 10_000, expiryMillis: 10 * MINUTE });
  for (const at of times) listening.moveTo(at);
  return listening;
}

describe("silence", () => {
  it("is the time since a source was heard of, late collections among it", () => {
    const time = listening(0, 10_000, MINUTE + 9_999);
    expect(time.silence(10_000, MINUTE + 9_999)).toBe(59_999);
  });

  it("lacks the pauses since", () => {
    const time = listening(0, 5 * MINUTE, 5.5 * MINUTE, 9 * MINUTE);
    expect(time.silence(0, 10 * MINUTE)).toBe(1.5 * MINUTE);
    expect(time.silence(5.25 * MINUTE, 10 * MINUTE)).toBe(1.25 * MINUTE);
    expect(time.silence(9.5 * MINUTE, 10 * MINUTE)).toBe(0.5 * MINUTE);
  });

  it("lacks of a pause no more than came after a source was heard of, as between waking and the next collection", () => {
    const time = listening(0, 100 * MINUTE);
    expect(time.silence(99 * MINUTE, 100 * MINUTE)).toBe(0);
    expect(time.silence(99 * MINUTE, 130 * MINUTE)).toBe(30 * MINUTE);
  });

  it("is at least what is remembered when the pauses are too old to be told", () => {
    const halfMinutes = Array.from({ length: 21 }, (_, half) => (5 + half / 2) * MINUTE);
    expect(listening(0, ...halfMinutes.slice(0, -1)).silence(0, 15 * MINUTE)).toBe(10 * MINUTE);
    expect(listening(0, ...halfMinutes).silence(0, 15 * MINUTE)).toBe(15 * MINUTE);
  });

  it("lacks a pause that is short, but as long as the expiry", () => {
    const time = new ListeningTime({ intervalMillis: 1000, expiryMillis: 5000 });
    for (const at of [0, 1000, 6000]) time.moveTo(at);
    expect(time.silence(0, 6000)).toBe(1000);
    time.moveTo(10_999);
    expect(time.silence(6000, 10_999)).toBe(4999);
  });

  it("is told also when the clock goes back", () => {
    expect(listening(10 * MINUTE, 0).silence(0, MINUTE)).toBe(MINUTE);
  });
});
