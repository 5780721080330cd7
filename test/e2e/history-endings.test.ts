import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { historyRecords } from "../harness/history-records.ts";
import { PluginApp } from "./harness/plugin-app.ts";

const KILLS_EACH = 25;
const FILES = [1, 2, 3, 4];
const MIDNIGHT = Date.UTC(2026, 0, 1);
/** Twice as long as a life, in the quick clock. */
const MILLIS_OF_A_LIFE = 10 * 60_000;
const SPENT = 120;

let folder: string;
const started: PluginApp[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-forecast-endings-"));
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((app) => app.stop()));
  rmSync(folder, { recursive: true, force: true });
});

function tokensIn(path: string): number {
  return existsSync(path) ? (historyRecords(path).own[0]?.tokens ?? 0) : 0;
}

/** Starts a process that saves the whole history at every collection, twice a second. */
async function startQuick(path: string, life: number): Promise<PluginApp> {
  const preloaded = ["--import", "./test/e2e/apps/quick-clock.mjs", "--import", "otel-forecast/register"];
  const app = await PluginApp.startPlain([...preloaded, "test/e2e/apps/busy-spender.mjs"], {
    OTEL_FORECAST_HISTORY: `file:${path}`,
    CLOCK_BASE: String(MIDNIGHT + life * MILLIS_OF_A_LIFE),
  });
  started.push(app);
  return app;
}

/** Kills processes with one file at random instants. What they have saved never gets less. */
async function killed(path: string): Promise<void> {
  let saved = 0;
  for (let life = 0; life < KILLS_EACH; life += 1) {
    const app = await startQuick(path, life);
    // The files have to exist before the first kill counts.
    if (life === 0) await app.waitFor("a saved history", () => tokensIn(`${path}.today`) > 0 || undefined);
    await delay(300 + Math.random() * 1500);
    app.kill("SIGKILL");
    await app.ends();
    expect(app.stderr).not.toContain("history file");
    // Reading throws if a line is not whole.
    const found = Math.max(tokensIn(path), tokensIn(`${path}.today`));
    expect(found).toBeGreaterThanOrEqual(saved);
    saved = found;
    expect(historyRecords(path).series.length).toBeGreaterThan(200);
  }
  const last = await startQuick(path, KILLS_EACH);
  await last.shows(`more than ${saved} tokens`, (samples) => {
    const shown = samples.find(
      ({ name, labels }) => name === "ai_cloud_tokens_today" && labels.agent === "planner",
    );
    return shown !== undefined && shown.value >= saved + SPENT ? true : undefined;
  });
  await last.stop();
}

it(`${FILES.length * KILLS_EACH} kills at random instants leave files that are whole, and what was saved goes on`, async () => {
  await Promise.all(FILES.map((file) => killed(join(folder, `history-${file}`))));
  expect(readdirSync(folder).toSorted()).toEqual(
    FILES.flatMap((file) => [`history-${file}`, `history-${file}.today`]),
  );
});

describe.each(["exit", "throw", "reject", "handler", "SIGHUP", "SIGTERM"])(
  "processes that end by %s",
  (ending) => {
    it("add up what they have used today", async () => {
      const path = join(folder, "history");
      for (const life of [1, 2, 3]) {
        const env = { OTEL_FORECAST_HISTORY: `file:${path}` };
        const app = await PluginApp.start(["test/e2e/apps/busy-spender.mjs", ending], env, true);
        started.push(app);
        await app.shows(`${life * SPENT} tokens`, (samples) => {
          const shown = samples.find(
            ({ name, labels }) => name === "ai_cloud_tokens_today" && labels.agent === "planner",
          );
          return shown?.value === life * SPENT ? true : undefined;
        });
        app.tell("end");
        await app.ends();
        expect(Math.max(tokensIn(path), tokensIn(`${path}.today`))).toBe(life * SPENT);
        expect(readdirSync(folder)).not.toContain("history.lock");
      }
    });
  },
);
