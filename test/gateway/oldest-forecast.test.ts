import { expect, it } from "vitest";
import { GatewayHarness } from "./harness.ts";

const AGE = "forecast_gateway_oldest_forecast_age_seconds";
const INTERVAL_SECONDS = 10;
const READY_TICKS = 30;
/** After five minutes without a point, a series has no number any more. */
const SILENT_TICKS = 60;

it("a series whose sender has stopped does not make the oldest forecast older", async () => {
  const harness = new GatewayHarness();
  const send = (name: string, value: number): void => harness.send({ header: { name } }, value);
  await harness.ticks(READY_TICKS, (tick) => {
    send("depth", tick);
    send("queue", tick);
  });
  // It is read when a collection begins, before that forecasts.
  const fresh = [{ value: INTERVAL_SECONDS }];
  expect(await harness.shown(AGE)).toMatchObject(fresh);
  await harness.ticks(SILENT_TICKS, (tick) => send("queue", tick));
  expect(await harness.shown("forecast_ready")).toMatchObject([{ value: 0 }, { value: 1 }]);
  expect(await harness.shown(AGE)).toMatchObject(fresh);
});

it("without a series that is forecast there is no age of a forecast", async () => {
  const harness = new GatewayHarness();
  await harness.ticks(2);
  expect(await harness.shown(AGE)).toEqual([]);
});
