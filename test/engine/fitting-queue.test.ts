import { expect, it } from "vitest";
import { YieldingRunner } from "../../src/core/yielding-runner.ts";
import { type Fitted, FittingQueue } from "../../src/engine/fitting-queue.ts";

const INTERVAL_MILLIS = 10_000;
const FIT_CPU_MILLIS = 100;

/** A machine on which a fit takes 100 ms of a processor, and `elapsedMillis` by the clock. */
function machine(elapsedMillis: number) {
  const spent = { cpu: 0, elapsed: 0 };
  return {
    elapsedMillis: () => spent.elapsed,
    threadCpuMillis: () => spent.cpu,
    pause: async () => {},
    work: () => {
      spent.cpu += FIT_CPU_MILLIS;
      spent.elapsed += elapsedMillis;
    },
  };
}

/** What is due on such a machine, and the names in the order of their fits. */
function fitting(
  clock: ReturnType<typeof machine>,
  names: readonly string[],
  known: Readonly<Record<string, Partial<Fitted>>> = {},
) {
  const order: string[] = [];
  const forecasters = names.map(
    (name): Fitted => ({
      isWaiting: false,
      isSurprised: false,
      dueTiers: () => [0],
      fit: () => {
        order.push(name);
        clock.work();
      },
      ...known[name],
    }),
  );
  return { forecasters, order };
}

/** Fits what is due on such a machine. Returns the names in the order of their fits. */
async function fitted(
  elapsedMillis: number,
  ...given: [names: readonly string[], known?: Readonly<Record<string, Partial<Fitted>>>]
): Promise<string[]> {
  const clock = machine(elapsedMillis);
  const { forecasters, order } = fitting(clock, ...given);
  await new FittingQueue().fit(forecasters, 0, timeOf(clock));
  return order;
}

function timeOf(clock: ReturnType<typeof machine>) {
  return { clock, slices: new YieldingRunner(clock), millis: INTERVAL_MILLIS };
}

const TWENTY = Array.from({ length: 20 }, (_, index) => `series ${index}`);

it("fits for a twentieth of a processor, however long that takes by the clock", async () => {
  expect(await fitted(FIT_CPU_MILLIS, TWENTY)).toEqual(TWENTY.slice(0, 5));
  expect(await fitted(9 * FIT_CPU_MILLIS, TWENTY)).toEqual(TWENTY.slice(0, 5));
});

it("fits for a fifth of a processor while series have no model", async () => {
  const waiting = Object.fromEntries(TWENTY.slice(0, 10).map((name) => [name, { isWaiting: true }]));
  expect(await fitted(FIT_CPU_MILLIS, TWENTY, waiting)).toEqual(TWENTY.slice(0, 10));
  const all = Object.fromEntries(TWENTY.map((name) => [name, { isWaiting: true }]));
  const more = Array.from({ length: 30 }, (_, index) => `series ${index}`);
  expect(await fitted(FIT_CPU_MILLIS, more, all)).toEqual(more.slice(0, 20));
});

it("ends after half of the interval on a machine that has no time for it", async () => {
  expect(await fitted(3000, TWENTY)).toEqual(TWENTY.slice(0, 2));
});

it("fits series without a model first, then surprised ones, and none that is not due", async () => {
  const known = {
    "series 1": { dueTiers: () => [] },
    "series 2": { isSurprised: true },
    "series 3": { isWaiting: true },
  };
  expect(await fitted(0, TWENTY.slice(0, 4), known)).toEqual(["series 3", "series 2", "series 0"]);
});

it("begins each fit with little of the slice used, so that a turn is not longer than a fit", async () => {
  const clock = machine(1);
  const events: string[] = [];
  const slices = new YieldingRunner({ ...clock, pause: async () => void events.push("pause") });
  const forecasters = ["one", "other"].map(
    (name): Fitted => ({
      isWaiting: false,
      isSurprised: false,
      dueTiers: () => [0, 1],
      fit: (tier) => {
        events.push(`${name} ${tier}`);
        clock.work();
      },
    }),
  );
  await new FittingQueue().fit(forecasters, 0, { clock, slices, millis: INTERVAL_MILLIS });
  expect(events).toEqual(["one 0", "pause", "one 1", "pause", "other 0", "pause", "other 1"]);
});

it("goes on with the series that had to wait, and leaves none of them out", async () => {
  const clock = machine(FIT_CPU_MILLIS);
  const queue = new FittingQueue();
  const { forecasters, order } = fitting(clock, TWENTY, { "series 12": { isSurprised: true } });
  const after = async (due: readonly Fitted[]): Promise<string[]> => {
    await queue.fit(due, 0, timeOf(clock));
    return order.splice(0).map((name) => name.slice("series ".length));
  };
  expect(await after(forecasters)).toEqual(["12", "0", "1", "2", "3"]);
  expect(await after(forecasters)).toEqual(["12", "4", "5", "6", "7"]);
  const withoutTwo = forecasters.filter((_, index) => index !== 8 && index !== 10);
  expect(await after(withoutTwo)).toEqual(["12", "9", "11", "13", "14"]);
  expect(await after(forecasters)).toEqual(["12", "15", "16", "17", "18"]);
  expect(await after(forecasters)).toEqual(["12", "19", "0", "1", "2"]);
});
