import type { ViewValue } from "../views/view-value.ts";
import { type FittingTime, fitDue } from "./fit-due.ts";
import type { SeriesForecaster } from "./series-forecaster.ts";

/** A series that needs a new model. Its forecast waits for it, if it has a new value. */
export interface DueSeries {
  readonly forecaster: SeriesForecaster;
  readonly made?: ViewValue;
}

/** Fits models as far as there is time, and forecasts the series that waited for it. */
export async function refit(due: readonly DueSeries[], now: number, time: FittingTime): Promise<void> {
  const { slices } = time;
  const forecasters = due.map(({ forecaster }) => forecaster);
  await fitDue(forecasters, now, time);
  for (const { forecaster, made } of due) {
    if (made !== undefined) forecaster.refresh(made.value, now, made.window);
    if (slices.isDue) await slices.pause();
  }
}
