import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { killSpenders, SPENT, tokensIn } from "./harness/busy-spender.ts";
import { PluginApp } from "./harness/plugin-app.ts";

const KILLS_EACH = 25;
const FILES = [1, 2, 3, 4];

let folder: string;
const started: PluginApp[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-forecast-endings-"));
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((app) => app.stop()));
  rmSync(folder, { recursive: true, force: true });
});

it(`${FILES.length * KILLS_EACH} kills at random instants leave files that are whole, and what was saved goes on`, async () => {
  await Promise.all(
    FILES.map((file) => killSpenders(join(folder, `history-${file}`), (kills) => kills < KILLS_EACH)),
  );
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
