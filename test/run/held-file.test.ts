import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Harness, World } from "./harness.ts";

const agent = { agent: "planner" };
let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-forecast-held-"));
  path = join(folder, "history.json");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A pipeline of a process with these variables, that used 100 tokens and has collected once. */
async function begin(environment: NodeJS.ProcessEnv, file = path): Promise<Harness> {
  const harness = new Harness({ history: `file:${file}` }, Object.assign(new World(), { environment }));
  harness.pipeline.instruments.consumption.tokensUsed(
    "planner",
    { input: 90, output: 10, cachedInput: 0 },
    undefined,
  );
  await harness.ticks(1);
  return harness;
}

const tokensOf = (harness: Harness) => harness.value("ai_cloud_tokens_today", agent);
const tokensInFile = (file = path) => JSON.parse(readFileSync(file, "utf8")).today[0].tokens;

it("is left alone by a child of the process that keeps it, also when that has ended", async () => {
  const environment = {};
  await (await begin(environment)).pipeline.stop();
  const parent = await begin(environment);
  const child = await begin({ ...environment });
  expect([await tokensOf(parent), await tokensOf(child)]).toEqual([200, 100]);
  await parent.pipeline.stop();
  await child.pipeline.stop();
  expect(tokensInFile()).toBe(200);
});

it("is kept once in a process, and again once who kept it has ended", async () => {
  const environment = { OTHER: "variable" };
  const first = await begin(environment);
  const second = await begin(environment);
  second.pipeline.instruments.consumption.tokensUsed(
    "planner",
    { input: 50, output: 0, cachedInput: 0 },
    undefined,
  );
  await first.pipeline.stop();
  await second.pipeline.stop();
  expect(tokensInFile()).toBe(100);
  expect(environment).toEqual({ OTHER: "variable" });
  expect(await tokensOf(await begin(environment))).toBe(200);
});

it("is another one for a child with a file of its own, whose children leave both alone", async () => {
  const environment = {};
  const own = join(folder, "own.json");
  await begin(environment);
  const ofChild: NodeJS.ProcessEnv = { ...environment };
  await (await begin(ofChild, own)).pipeline.stop();
  expect(tokensInFile(own)).toBe(100);
  expect(ofChild).toEqual(environment);
  expect(await tokensOf(await begin(ofChild, own))).toBe(200);
  expect(await tokensOf(await begin({ ...ofChild }, own))).toBe(100);
  expect(await tokensOf(await begin({ ...ofChild }))).toBe(100);
});

it("is told to children in words that may be broken, which is as if there were none", async () => {
  for (const broken of ["", "{", "5", "null"]) {
    await (await begin({ OTEL_FORECAST_HISTORY_HELD: broken })).pipeline.stop();
  }
  expect(tokensInFile()).toBe(400);
});
