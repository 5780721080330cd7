import { existsSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "vitest";
import { historyRecords } from "../../harness/history-records.ts";
import { PluginApp } from "./plugin-app.ts";

const MIDNIGHT = Date.UTC(2026, 0, 1);
/** Twice as long as a life, in the quick clock. */
const MILLIS_OF_A_LIFE = 10 * 60_000;
const LIVES_OF_A_DAY = 24 * 6;
const LEAST_LIFE_MILLIS = 300;
const RANDOM_LIFE_MILLIS = 1500;
/** What the app spends at once. */
export const SPENT = 120;

/** The tokens of today in one file of a history. */
export function tokensIn(path: string): number {
  return existsSync(path) ? (historyRecords(path).own[0]?.tokens ?? 0) : 0;
}

/** Starts a process that saves the whole history at every collection, twice a second. */
async function startQuick(path: string, life: number): Promise<PluginApp> {
  const preloaded = ["--import", "./test/e2e/apps/quick-clock.mjs", "--import", "otel-forecast/register"];
  return PluginApp.startPlain([...preloaded, "test/e2e/apps/busy-spender.mjs"], {
    OTEL_FORECAST_HISTORY: `file:${path}`,
    CLOCK_BASE: String(MIDNIGHT + life * MILLIS_OF_A_LIFE),
  });
}

/**
 * Kills processes with one file at random instants, as long as `goesOn` of the number of kills. What
 * they have saved of a day never gets less, and the last process goes on with it.
 */
export async function killSpenders(
  path: string,
  goesOn: (kills: number) => boolean,
  random: () => number = Math.random,
): Promise<void> {
  let saved = 0;
  let life = 0;
  for (; goesOn(life); life += 1) {
    const app = await startQuick(path, life);
    if (life % LIVES_OF_A_DAY === 0) saved = 0;
    // The files have to exist before the first kill counts.
    if (life === 0) await app.waitFor("a saved history", () => tokensIn(`${path}.today`) > 0 || undefined);
    await delay(LEAST_LIFE_MILLIS + random() * RANDOM_LIFE_MILLIS);
    app.kill("SIGKILL");
    await app.ends();
    expect(app.stderr).not.toContain("history file");
    // Reading throws if a line is not whole.
    const found = Math.max(tokensIn(path), tokensIn(`${path}.today`));
    expect(found).toBeGreaterThanOrEqual(saved);
    saved = found;
    expect(historyRecords(path).series.length).toBeGreaterThan(200);
  }
  const last = await startQuick(path, life);
  await last.shows(`more than ${saved} tokens`, (samples) => {
    const shown = samples.find(
      ({ name, labels }) => name === "ai_cloud_tokens_today" && labels.agent === "planner",
    );
    return shown !== undefined && shown.value >= saved + SPENT ? true : undefined;
  });
  await last.stop();
}
