import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type AwaitedClass, awaitClass } from "../../../src/observe/work/loaded-class.ts";

let keys = 0;

describe("a class of somebody else's", () => {
  let folder: string;
  let awaited: AwaitedClass;
  let ends: (() => void)[];

  beforeEach(() => {
    keys += 1;
    // Within node_modules, modules are loaded by Node itself.
    const root = mkdtempSync(join(tmpdir(), "loaded-class-"));
    folder = join(root, "node_modules", "gauges");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "gauge.mjs"), "export class Gauge { static from = 'esm'; }\n//# end");
    writeFileSync(join(folder, "gauge.cjs"), "exports.Gauge = class Gauge {}; var Gauge = exports.Gauge;");
    writeFileSync(join(folder, "other.mjs"), "export const nothing = 1;");
    awaited = {
      key: `otel-forecast.test-${keys}`,
      className: "Gauge",
      isDefinedAt: (url) => /\/gauges\/\w+\.[mc]js$/.test(url),
    };
    ends = [() => rmSync(root, { recursive: true })];
  });
  afterEach(() => {
    for (const end of ends) end();
  });

  const load = async (name: string) => import(pathToFileURL(join(folder, name)).href);
  const wait = (of = awaited): unknown[] => {
    const told: unknown[] = [];
    ends.unshift(awaitClass(of, (loaded) => told.push(loaded)));
    return told;
  };

  it("is told of when it is loaded, as ES module and as CommonJS", async () => {
    const told = wait();
    const { Gauge } = await load("gauge.mjs");
    const required = createRequire(import.meta.url)(join(folder, "gauge.cjs"));
    expect(told).toEqual([Gauge, required.Gauge]);
  });

  it("is told of once to each who waits, and to one who comes later", async () => {
    const [one, other] = [wait(), wait()];
    const { Gauge } = await load("gauge.mjs");
    expect([one, other]).toEqual([[Gauge], [Gauge]]);
    expect(wait()).toEqual([Gauge]);
  });

  it("is told of where its address has a query", async () => {
    const told = wait({ ...awaited, isDefinedAt: (url) => url.endsWith("/gauges/gauge.mjs") });
    const { Gauge } = await load("gauge.mjs?v=1");
    expect(told).toEqual([Gauge]);
  });

  it("is loaded all the same where one who waits for it fails", async () => {
    ends.unshift(
      awaitClass(awaited, () => {
        throw new Error("of the one who waits");
      }),
    );
    const told = wait();
    const { Gauge } = await load("gauge.mjs");
    expect(Gauge).toBeTypeOf("function");
    expect(told).toEqual([Gauge]);
  });

  it("is loaded all the same where one of another copy of us fails", async () => {
    const told = wait();
    const halls = globalThis as unknown as Record<symbol, { listeners: Set<() => void> }>;
    halls[Symbol.for(awaited.key)]?.listeners.add(() => {
      throw new Error("of another copy");
    });
    const { Gauge } = await load("gauge.mjs");
    expect(told).toEqual([Gauge]);
  });

  it("is not told of after the end", async () => {
    const told = wait();
    ends.shift()?.();
    await load("gauge.mjs");
    expect(told).toEqual([]);
  });

  it("leaves modules alone that do not define it", async () => {
    const told = wait({ ...awaited, isDefinedIn: (source) => source.includes("class Gauge") });
    expect(await load("other.mjs")).toMatchObject({ nothing: 1 });
    expect(told).toEqual([]);
  });

  it("does no harm where a module at that address has no such class", async () => {
    const told = wait();
    expect(await load("other.mjs")).toMatchObject({ nothing: 1 });
    expect(told).toEqual([]);
  });
});
