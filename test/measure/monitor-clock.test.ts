import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Moment, MonitorClock } from "../../src/measure/monitor-clock.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const YEAR = 365 * 24 * HOUR;
const START = Date.UTC(2026, 2, 28, 20);
const INTERVAL = 10 * SECOND;

/** The clocks of a machine, each of which can be moved alone. */
class Machine {
  wall = START;
  inner = 5000;
  up = 1e6;
  cpu = 0;
  readonly clock = new MonitorClock(
    {
      now: () => this.wall,
      elapsedMillis: () => this.inner,
      uptimeMillis: () => this.up,
      cpuMillis: () => this.cpu,
    },
    INTERVAL,
  );

  pass(millis: number): void {
    this.wall += millis;
    this.inner += millis;
    this.up += millis;
  }

  /** As Linux does it: the monotonic clock stands still. */
  sleep(millis: number): void {
    this.wall += millis;
    this.up += millis;
  }

  collect(collections = 1): Moment {
    for (let left = collections; left > 1; left -= 1) this.#one();
    return this.#one();
  }

  #one(): Moment {
    for (let beat = 0; beat < 10; beat += 1) {
      this.pass(INTERVAL / 10);
      this.clock.beat();
    }
    return this.clock.moveOn();
  }
}

describe("time that passes", () => {
  it("moves all clocks alike", () => {
    expect(new Machine().collect(6)).toEqual({
      now: START + MINUTE,
      steadyMillis: START + MINUTE,
      ranMillis: MINUTE,
      stepMillis: 0,
      pausedMillis: 0,
    });
  });

  it("is known between collections, whatever the machine's clock shows", () => {
    const machine = new Machine();
    machine.collect();
    machine.pass(3 * SECOND);
    machine.wall -= HOUR;
    const at = START + INTERVAL + 3 * SECOND;
    expect([machine.clock.now(), machine.clock.steadyMillis(), machine.clock.ranMillis()]).toEqual([
      at,
      at,
      13 * SECOND,
    ]);
  });

  it.each([2 * SECOND, 30 * SECOND, -2 * SECOND])("follows a small correction of %i ms", (millis) => {
    const machine = new Machine();
    machine.wall += millis;
    expect(machine.collect()).toMatchObject({ now: START + INTERVAL + millis, stepMillis: 0 });
  });

  it("passes without a monotonic clock that is worth its name", () => {
    const machine = new Machine();
    machine.inner -= HOUR;
    expect(machine.collect()).toMatchObject({ now: START + INTERVAL, stepMillis: 0, pausedMillis: 0 });
  });

  it("is what a fast clock shows, if the monotonic clock is slow", () => {
    const machine = new Machine();
    machine.wall += HOUR;
    machine.collect();
    machine.wall += HOUR;
    expect(machine.collect()).toMatchObject({ now: START + 2 * HOUR + 2 * INTERVAL, stepMillis: 0 });
  });
});

describe.each([5 * MINUTE, 30 * MINUTE, 12 * HOUR, 10 * YEAR].flatMap((it) => [it, -it]))(
  "a step of %i ms",
  (step) => {
    it("counts when the next collection confirms it, and time passes as before", () => {
      const machine = new Machine();
      machine.wall += step;
      expect(machine.collect()).toMatchObject({ now: START + INTERVAL, stepMillis: 0 });
      expect(machine.collect()).toEqual({
        now: START + step + 2 * INTERVAL,
        steadyMillis: START + 2 * INTERVAL,
        ranMillis: 2 * INTERVAL,
        stepMillis: step,
        pausedMillis: 0,
      });
      expect(machine.collect()).toMatchObject({ stepMillis: 0 });
    });

    it("has no effect if it is a single wrong reading", () => {
      const machine = new Machine();
      machine.wall += step;
      expect(machine.collect()).toMatchObject({ now: START + INTERVAL, stepMillis: 0 });
      machine.wall -= step;
      expect(machine.collect()).toMatchObject({ now: START + 2 * INTERVAL, stepMillis: 0 });
    });
  },
);

describe("a pause", () => {
  const paused = {
    now: START + 6 * HOUR + INTERVAL,
    steadyMillis: START + 6 * HOUR + INTERVAL,
    ranMillis: INTERVAL,
    stepMillis: 0,
    pausedMillis: 6 * HOUR,
  };

  it("is known by the time since the start of the machine, if the monotonic clock stood still", () => {
    const machine = new Machine();
    machine.sleep(6 * HOUR);
    expect(machine.collect()).toEqual(paused);
    expect(machine.clock.isAfterPause).toBe(true);
    expect(machine.collect()).toMatchObject({ pausedMillis: 0 });
    expect(machine.clock.isAfterPause).toBe(false);
  });

  it("is known by a time in which nothing ran, if the monotonic clock went on", () => {
    const machine = new Machine();
    machine.pass(6 * HOUR);
    expect(machine.collect()).toEqual(paused);
  });

  it("is none if collections are missing while the event loop runs", () => {
    const machine = new Machine();
    for (let beat = 0; beat < 300; beat += 1) {
      machine.pass(SECOND);
      machine.clock.beat();
    }
    expect(machine.clock.moveOn()).toMatchObject({ ranMillis: 5 * MINUTE, pausedMillis: 0 });
  });

  it("is none if the process was busy all the time", () => {
    const machine = new Machine();
    machine.cpu += 2 * MINUTE;
    machine.pass(2 * MINUTE);
    expect(machine.collect()).toMatchObject({ ranMillis: 2 * MINUTE + INTERVAL, pausedMillis: 0 });
  });

  it("is told from a step at the same time", () => {
    const machine = new Machine();
    machine.sleep(6 * HOUR);
    machine.wall -= 2 * HOUR;
    expect(machine.collect()).toMatchObject({ pausedMillis: 6 * HOUR, stepMillis: 0 });
    expect(machine.collect()).toMatchObject({ pausedMillis: 0, stepMillis: -2 * HOUR });
  });
});

it("is steady and follows the machine's clock in the end, over any steps and pauses", () => {
  const event = fc.record({
    step: fc.oneof(fc.constant(0), fc.integer({ min: -YEAR, max: YEAR })),
    pause: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 12 * HOUR })),
    sleep: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 12 * HOUR })),
    collections: fc.integer({ min: 1, max: 4 }),
  });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 20 }), (events) => {
      const machine = new Machine();
      let before = machine.collect();
      let steps = 0;
      const follow = (collections: number): void => {
        for (let left = collections; left > 0; left -= 1) {
          const moment = machine.collect();
          steps += moment.stepMillis;
          expect(moment.steadyMillis).toBeGreaterThanOrEqual(before.steadyMillis);
          expect(moment.ranMillis).toBeGreaterThanOrEqual(before.ranMillis);
          expect(moment.ranMillis - before.ranMillis).toBeLessThanOrEqual(
            moment.steadyMillis - before.steadyMillis + INTERVAL / 4,
          );
          expect(moment.pausedMillis).toBeGreaterThanOrEqual(0);
          // What is stored moves with the steps: no sample is older than the one before.
          expect(moment.now - steps).toBeGreaterThanOrEqual(before.now - (steps - moment.stepMillis));
          before = moment;
        }
      };
      for (const { step, pause, sleep, collections } of events) {
        machine.wall += step;
        machine.pass(pause);
        machine.sleep(sleep);
        follow(collections);
      }
      follow(3);
      expect(before.now).toBe(machine.wall);
    }),
  );
});
