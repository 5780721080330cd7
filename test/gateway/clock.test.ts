import { expect, it } from "vitest";
import { World } from "../run/harness.ts";
import { GatewayHarness } from "./harness.ts";

const HOUR = 3_600_000;

/** A world in which the clock of the machine can be set, while the monotonic clock goes on. */
class SetWorld extends World {
  setBy = 0;
  override now = (): number => this.millis + this.setBy;
}

/** A gateway with a gauge and a counter, of which a sender tells every 10 seconds. */
function running() {
  const world = new SetWorld();
  const harness = new GatewayHarness("method: naive\nhorizons: [1m]\n", world);
  let total = 0;
  const send = (): void => {
    total += 10;
    harness.send({ header: { name: "depth" } }, 5);
    harness.send({ header: { name: "orders", kind: "counter" } }, total);
  };
  return {
    world,
    harness,
    ticks: (count: number) => harness.ticks(count, send),
    rate: async () => (await harness.shown("orders_per_second_predicted"))[0]?.value,
    /** Whether the gauge has a level: without one, its forecasts are not those of the present. */
    hasLevel: async () => {
      const ready = await harness.shown("forecast_ready");
      return ready.find(({ labels }) => labels.metric === "depth")?.value === 1;
    },
    known: () => harness.gateway.streams.size,
  };
}

it.each([2 * HOUR, -2 * HOUR, 240 * HOUR])(
  "knows its senders and their levels whenever the clock of its machine is set by %d ms",
  async (step) => {
    const { world, harness, ticks, rate, hasLevel, known } = running();
    await ticks(40);
    expect(await rate()).toBeCloseTo(1, 6);
    world.setBy = step;
    // The senders tell of nothing before the gateway collects, and is sure that the clock was set.
    for (let tick = 0; tick < 3; tick += 1) {
      await harness.ticks(1);
      expect([await hasLevel(), known()]).toEqual([true, 2]);
    }
    await ticks(40);
    expect([await hasLevel(), known()]).toEqual([true, 2]);
    expect(await rate()).toBeCloseTo(1, 6);
  },
);

it("still forgets a sender that is silent for long after the clock of the machine was set", async () => {
  const { world, harness, ticks, known } = running();
  await ticks(40);
  world.setBy = 2 * HOUR;
  await ticks(3);
  await harness.ticks(370);
  expect(known()).toBe(0);
});

it("counts what its senders have counted while it was suspended for longer than they may be silent", async () => {
  const { world, harness, ticks, rate, known } = running();
  await ticks(40);
  world.millis += 2 * HOUR;
  await harness.ticks(1);
  expect(known()).toBe(2);
  await ticks(1);
  // Without its last total, a counter would begin anew: one collection would have no increment.
  await ticks(1);
  expect(await rate()).toBeGreaterThan(0);
});
