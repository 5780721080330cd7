import type { ClockedModel } from "./clocked-model.ts";

/** What an outlook needs of a model: its forecasts for points in time, and what to call it. */
export type OutlookModel = Pick<
  ClockedModel,
  "method" | "errorVersusNaive" | "stepMillis" | "stepAfter" | "predictAt" | "meanAt"
>;
