import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ShownSample, shownValue } from "../e2e/harness/exposition.ts";
import { InstalledApp } from "./harness/installed-app.ts";
import { errorLines, type Life, type LifeOptions, live, UNITS } from "./harness/life.ts";
import { CURRENT, nodeOf } from "./harness/node-versions.ts";
import { packed } from "./harness/package-under-test.ts";
import { bunProgram, denoProgram } from "./harness/runtimes.ts";

type Start = Pick<LifeOptions, "node" | "starter" | "preload">;

interface Observed {
  readonly start: () => Start;
  /** The log line about what is not observed; none under Node. */
  readonly said?: RegExp;
  readonly seesGraphs: boolean;
  readonly seesCollections: boolean;
  /** Requests to servers of `node:http`. */
  readonly requests: number | undefined;
}

const byClass = "LangGraph, Mastra, MCP and the SDKs of providers are observed only by observeClass\\(\\)";

const RUNTIMES: readonly (Observed & { readonly name: string })[] = [
  {
    name: "Bun",
    start: () => ({ node: bunProgram(), preload: ["--preload", "otel-forecast/register"] }),
    said: new RegExp(
      `^\\[info\\] otel-forecast: under Bun 1\\.[\\d.]+, ${byClass}; HTTP requests and garbage collections are not measured$`,
    ),
    seesGraphs: false,
    seesCollections: false,
    requests: undefined,
  },
  {
    name: "Deno",
    start: () => ({
      node: denoProgram(),
      starter: ["run", "-A"],
      preload: ["--preload", "npm:otel-forecast/register"],
    }),
    said: new RegExp(
      `^\\[info\\] otel-forecast: under Deno 2\\.[\\d.]+, ${byClass}; requests to Deno\\.serve and garbage collections are not measured$`,
    ),
    seesGraphs: false,
    seesCollections: false,
    requests: 1,
  },
  {
    name: "Node, for comparison",
    start: () => ({ node: nodeOf(CURRENT) }),
    seesGraphs: true,
    seesCollections: true,
    requests: 1,
  },
];

/** A Node older than the oldest supported version. */
const OLD = "20.20.2";

let installed: InstalledApp;
beforeAll(() => {
  installed = new InstalledApp("runtimes");
  expect(installed.add(packed()).status).toBe(0);
  nameVersion(installed.folder);
});
afterAll(() => installed?.remove());

describe.each(RUNTIMES)("under $name", ({ start, said, seesGraphs, seesCollections, requests }) => {
  it("an app ends and writes as without us, its agent and counter are shown, and one line says what is not observed", async () => {
    const how = { ...start(), app: ["app.mjs"] };
    const bare = await live(installed.folder, { ...how, withUs: false });
    const withUs = await live(installed.folder, { ...how, withUs: true, isTold: isAllShown });
    expectWell(bare, "DONE\n", []);
    expectWell(withUs, bare.stdout, [
      ...(said === undefined ? [] : [said]),
      / metrics and forecasts at http:/,
    ]);
  });

  it("a monitor in code shows the same, and the process ends by itself", async () => {
    const app = ["in-code.mjs"];
    const life = await live(installed.folder, {
      ...start(),
      app,
      withUs: true,
      preload: [],
      isTold: isAllShown,
    });
    expect([life.exit, life.stdout, life.stderr]).toEqual([{ code: 0, signal: null }, "DONE\nENDED\n", ""]);
  });

  it("observes everything except what the line names", async () => {
    const isTold = (shown: readonly ShownSample[]): boolean => {
      expect({
        after: tasksOf(shown, "after"),
        seesGraphs: tasksOf(shown, "before") === 1,
        seesCollections: shown.some(({ name }) => name.startsWith("v8js_gc_duration")),
        requests: shownValue(shown, "http_server_request_duration_seconds_count"),
      }).toEqual({ after: 1, seesGraphs, seesCollections, requests });
      return true;
    };
    const { exit } = await live(installed.folder, {
      ...start(),
      app: ["observed.mjs"],
      withUs: true,
      isTold,
    });
    expect(exit).toEqual({ code: 0, signal: null });
  });
});

describe.each(["18.20.8", OLD])("under Node %s, which is too old", (version) => {
  it.each(["--import", "--require"])(
    "an app with %s runs as without us, and one line says what to do",
    async (flag) => {
      const how = { node: nodeOf(version), app: ["app.mjs"] };
      const bare = await live(installed.folder, { ...how, withUs: false });
      const withUs = await live(installed.folder, {
        ...how,
        withUs: true,
        preload: [flag, "otel-forecast/register"],
      });
      expectWell(bare, "DONE\n", []);
      expectWell(withUs, bare.stdout, [
        new RegExp(`needs Node 22\\.15\\.0 or newer, this is ${version} .*npm install --save-dev node@22`),
      ]);
    },
  );
});

it(`under Node ${OLD}, which is too old, a monitor in code works all the same`, async () => {
  expectWell(await liveInCode({ node: nodeOf(OLD) }), "DONE\nENDED\n", []);
});

/** An app that starts a monitor itself: the plugin is not preloaded. */
function liveInCode(start: Start): Promise<Life> {
  const how = { app: ["in-code.mjs"], withUs: true, isTold: isAllShown };
  return live(installed.folder, { ...start, ...how, preload: [] });
}

function expectWell(life: Life, stdout: string, said: readonly RegExp[]): void {
  expect({ exit: life.exit, stdout: life.stdout, said: errorLines(life) }).toEqual({
    exit: { code: 0, signal: null },
    stdout,
    said: said.map((line) => expect.stringMatching(line)),
  });
}

/** The metrics of the app's counter, of its agent and of the forecaster. */
function isAllShown(samples: readonly ShownSample[]): boolean {
  return (
    shownValue(samples, "app_units_total") === UNITS &&
    tasksOf(samples, "planner") === UNITS &&
    shownValue(samples, "system_memory_usage_percent") !== undefined
  );
}

function tasksOf(samples: readonly ShownSample[], agent: string): number | undefined {
  return shownValue(samples, "ai_cloud_completed_tasks_total", { agent });
}

/** Deno resolves dependencies by their version, as if they came from a registry. */
function nameVersion(folder: string): void {
  const file = join(folder, "package.json");
  const { version } = JSON.parse(
    readFileSync(join(folder, "node_modules/otel-forecast/package.json"), "utf8"),
  );
  const app = JSON.parse(readFileSync(file, "utf8"));
  app.dependencies["otel-forecast"] = version;
  writeFileSync(file, JSON.stringify(app));
}
