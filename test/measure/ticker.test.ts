import { expect, it, vi } from "vitest";
import { Ticker } from "../../src/measure/ticker.ts";

/** A ticker whose time and work the test moves on. */
function tickerWith() {
  const timer = { unref: vi.fn() };
  const timers = {
    setInterval: vi.fn((_tick: () => void, _millis: number) => timer),
    clearInterval: vi.fn(),
  };
  const ends: ((error?: Error) => void)[] = [];
  const work = vi.fn(
    () =>
      new Promise<void>((resolve, reject) => {
        ends.push((error) => (error === undefined ? resolve() : reject(error)));
      }),
  );
  const [onSkip, onError] = [vi.fn(), vi.fn()];
  const ticker = new Ticker({ timers, work, onSkip, onError });
  return {
    ...{ ticker, timer, timers, work, onSkip, onError },
    tick: () => timers.setInterval.mock.calls.at(-1)?.[0](),
    /** Ends the run that goes on. */
    end: async (error?: Error) => {
      ends.shift()?.(error);
      await new Promise(setImmediate);
    },
  };
}

it("runs the work at each tick, but one run at a time", async () => {
  const { ticker, timer, timers, work, onSkip, tick, end } = tickerWith();
  ticker.start(500);
  ticker.start(700);
  expect(timers.setInterval.mock.calls.map(([, millis]) => millis)).toEqual([500]);
  expect(timer.unref).toHaveBeenCalledTimes(1);
  expect(work).not.toHaveBeenCalled();
  tick();
  tick();
  tick();
  expect([work.mock.calls.length, onSkip.mock.calls.length]).toEqual([1, 2]);
  await end();
  tick();
  expect([work.mock.calls.length, onSkip.mock.calls.length]).toEqual([2, 2]);
});

it("a run that fails is reported, and the next one runs", async () => {
  const { ticker, work, onError, onSkip, tick, end } = tickerWith();
  ticker.start(500);
  const error = new Error("as tested");
  tick();
  await end(error);
  expect(onError.mock.calls).toEqual([[error]]);
  tick();
  expect([work.mock.calls.length, onSkip.mock.calls.length]).toEqual([2, 0]);
});

it("a run that is asked for joins the one that goes on, or is one more after it", async () => {
  const { ticker, work, end } = tickerWith();
  const done: string[] = [];
  void ticker.run().then(() => done.push("first"));
  void ticker.run().then(() => done.push("joined"));
  void ticker.runOnceMore().then(() => done.push("once more"));
  expect(work).toHaveBeenCalledTimes(1);
  await end();
  expect([done, work.mock.calls.length]).toEqual([["first", "joined"], 2]);
  await end();
  expect(done).toEqual(["first", "joined", "once more"]);
});

it("when it stops, the timer goes at once, and the run that goes on is waited for", async () => {
  const { ticker, timer, timers, end, tick } = tickerWith();
  ticker.start(500);
  tick();
  let isStopped = false;
  void ticker.stop().then(() => {
    isStopped = true;
  });
  expect(timers.clearInterval.mock.calls).toEqual([[timer]]);
  await end(new Error("as tested"));
  expect(isStopped).toBe(true);
  await ticker.stop();
  expect(timers.clearInterval).toHaveBeenCalledTimes(1);
  ticker.start(500);
  expect(timers.setInterval).toHaveBeenCalledTimes(2);
});
