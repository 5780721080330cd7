import type { Alerting } from "../../alerts/alerting.ts";
import type { Hurry } from "../../core/hurry.ts";
import type { ForecastEngine } from "../../engine/forecast-engine.ts";
import type { AgentConsumption } from "../../measure/instruments/agent-consumption.ts";
import type { MonitorClock } from "../../measure/monitor-clock.ts";
import type { SavedWindows } from "../../measure/saved-windows.ts";
import type { Surroundings } from "../../measure/surroundings.ts";

/** What a history is made of, and the surroundings. */
export interface HistoryParts {
  readonly engine: ForecastEngine;
  readonly consumption: AgentConsumption;
  readonly windows: SavedWindows;
  readonly alerting: Alerting;
  /** The time of the samples. */
  readonly clock: MonitorClock;
  readonly surroundings: Surroundings;
  /** Begins when the monitor shuts down: then a disk is not waited for long. */
  readonly hurry: Hurry;
}

/** The files of a history: the whole, and what was used today, which is saved more often. */
export interface HistoryPaths {
  readonly whole: string;
  readonly today: string;
}
