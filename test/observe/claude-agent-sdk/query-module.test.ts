import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ClaudeAgentSdkObserver } from "../../../src/observe/claude-agent-sdk/claude-agent-sdk.ts";
import { QUERY } from "../../../src/observe/claude-agent-sdk/query-module.ts";
import { WorkBench } from "../bench-of-work.ts";

/** As the SDK is published: in one line, with other names inside. */
const MINIFIED =
  'var bs$=["PreToolUse"];function N5$({prompt:e,options:t}){return async function*(){yield{type:"result",subtype:"success"}}()}export{bs$ as HOOK_EVENTS,N5$ as query,N5$ as queryAgain};\n';

describe("the module of the Claude Agent SDK", () => {
  let root: string;
  let bench: WorkBench;
  let observer: ClaudeAgentSdkObserver;

  beforeEach(() => {
    // Within node_modules, modules are loaded by Node itself.
    root = mkdtempSync(join(tmpdir(), "claude-agent-sdk-"));
    bench = new WorkBench();
    observer = new ClaudeAgentSdkObserver(bench.work);
    observer.start();
  });
  afterEach(() => {
    observer.stop();
    rmSync(root, { recursive: true });
  });

  function fileWith(source: string, name = "sdk.mjs", copy = "app"): string {
    const folder = join(root, copy, "node_modules", "@anthropic-ai", "claude-agent-sdk");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{"type":"module"}');
    writeFileSync(join(folder, name), source);
    return join(folder, name);
  }

  interface Sdk {
    query(given: object): AsyncIterable<object>;
  }
  const load = async (file: string): Promise<Sdk> => import(pathToFileURL(file).href);
  const run = async ({ query }: Sdk): Promise<void> => {
    for await (const _ of query({ prompt: "Go.", options: { agent: "planner" } }));
  };

  it.for([["sdk.mjs"], ["core.mjs"], ["browser-sdk.js"]] as const)("is observed: %s", async ([name]) => {
    await run(await load(fileWith(MINIFIED, name)));
    expect(bench.of("planner").completedTasks).toBe(1);
  });

  it("is observed when CommonJS requires it", async () => {
    await run(createRequire(import.meta.url)(fileWith(MINIFIED)) as Sdk);
    expect(bench.of("planner").completedTasks).toBe(1);
  });

  it("is observed in each of its copies, and by each of two observers once", async () => {
    const other = new WorkBench();
    const another = new ClaudeAgentSdkObserver(other.work);
    another.start();
    const [one, two] = [await load(fileWith(MINIFIED)), await load(fileWith(MINIFIED, "sdk.mjs", "tool"))];
    await run(one);
    await run(two);
    expect([bench, other].map((of) => of.of("planner").completedTasks)).toEqual([2, 2]);
    another.stop();
  });

  it("is observed by an observer that starts later, and no more when it stops", async () => {
    const sdk = await load(fileWith(MINIFIED));
    const later = new WorkBench();
    const starts = new ClaudeAgentSdkObserver(later.work);
    starts.start();
    await run(sdk);
    starts.stop();
    observer.stop();
    await run(sdk);
    expect([bench, later].map((of) => of.of("planner").completedTasks)).toEqual([1, 1]);
  });

  it.for([
    ["a constant", "const q=()=>1;export{q as query};"],
    ["imported", 'import{q}from"./other.mjs";export{q as query};'],
    ["missing", "export const nothing = 1;"],
  ])("is left as it is if its query is %s", async ([, source]) => {
    const logged = vi.spyOn(bench.work, "logOnce");
    fileWith("export const q = () => 1;", "other.mjs");
    const sdk = (await load(fileWith(source as string))) as unknown as { query?: () => number };
    if (sdk.query !== undefined) expect(sdk.query()).toBe(1);
    expect(logged).toHaveBeenCalledOnce();
  });

  it("is no other file of the package, and none of another package", () => {
    const folder = "file:///app/node_modules/@anthropic-ai/claude-agent-sdk";
    expect(
      ["sdk.mjs", "core.mjs", "browser-sdk.js"].every((name) => QUERY.isDefinedAt(`${folder}/${name}`)),
    ).toBe(true);
    for (const url of [`${folder}/bridge.mjs`, `${folder}/core-59.mjs`, "file:///app/sdk.mjs"])
      expect(QUERY.isDefinedAt(url)).toBe(false);
  });
});
