import { expect, it } from "vitest";
import { Harness, World } from "./harness.ts";

/** A world in which each look at the clock ends a slice of work, and something happens in the pauses. */
class InterruptedWorld extends World {
  onPause: () => void = () => {};
  #looks = 0;
  override readonly elapsedMillis = (): number => {
    this.#looks += 5;
    return this.millis + this.#looks;
  };
  override readonly pause = async (): Promise<void> => this.onPause();
}

it("series that are forgotten in a pause of a collection begin anew in the rest of it", async () => {
  const world = new InterruptedWorld();
  const harness = new Harness({}, world);
  const queues = harness.application().getMeter("app").createGauge("queue");
  const record = (): void => {
    for (let index = 0; index < 50; index += 1) queues.record(index, { queue: String(index) });
  };
  await harness.ticks(3, record);
  const { engine } = harness.pipeline;
  const { turn } = engine;
  let forgotten = 0;
  world.onPause = () => {
    const isUnderWay = engine.turn === turn && [...engine.forecasters].some((series) => series.turn > turn);
    if (isUnderWay && forgotten === 0) forgotten = engine.forgetLearnt({ metricName: "queue" });
  };
  await harness.ticks(1, record);
  expect(forgotten).toBe(50);
  const known = () => engine.forecasts({ metricName: "queue" }).map(({ labels: { queue } }) => Number(queue));
  expect(known()).toContain(49);
  await harness.ticks(1, record);
  expect(known().sort((one, other) => one - other)).toEqual(Array.from({ length: 50 }, (_, index) => index));
});
