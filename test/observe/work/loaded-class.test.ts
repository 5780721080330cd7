import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import module, { createRequire, syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DiagLogLevel, diag } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type AwaitedClass, addLoadedClass, awaitClass } from "../../../src/observe/work/loaded-class.ts";

let keys = 0;

describe("a class of a framework", () => {
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

  it("is passed on when it is loaded, as ES module and as CommonJS", async () => {
    const told = wait();
    const { Gauge } = await load("gauge.mjs");
    const required = createRequire(import.meta.url)(join(folder, "gauge.cjs"));
    expect(told).toEqual([Gauge, required.Gauge]);
  });

  it("is passed once to each listener, also to a later one", async () => {
    const [one, other] = [wait(), wait()];
    const { Gauge } = await load("gauge.mjs");
    expect([one, other]).toEqual([[Gauge], [Gauge]]);
    expect(wait()).toEqual([Gauge]);
  });

  it("costs one hook, however many classes are awaited, and none when nobody waits any more", async () => {
    const deregister = vi.fn();
    const registered = vi.spyOn(module, "registerHooks").mockReturnValue({ deregister });
    syncBuiltinESMExports();
    try {
      const stops = ["one", "two", "three"].map((key) =>
        awaitClass({ ...awaited, key: `${awaited.key}.${key}` }, () => {}),
      );
      expect(registered).toHaveBeenCalledOnce();
      stops.pop()?.();
      expect(deregister).not.toHaveBeenCalled();
      for (const stop of stops) stop();
      expect(deregister).toHaveBeenCalledOnce();
    } finally {
      registered.mockRestore();
      syncBuiltinESMExports();
    }
    const told = wait();
    const { Gauge } = await load("gauge.mjs");
    expect(told).toEqual([Gauge]);
  });

  it("is passed on if its URL has a query", async () => {
    const told = wait({ ...awaited, isDefinedAt: (url) => url.endsWith("/gauges/gauge.mjs") });
    const { Gauge } = await load("gauge.mjs?v=1");
    expect(told).toEqual([Gauge]);
  });

  it("is loaded also if a listener fails", async () => {
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

  it("is not observed by a listener that fails, which is logged without the text of the error", async () => {
    const logger = { warn: vi.fn(), debug: vi.fn() };
    diag.setLogger(logger as never, { logLevel: DiagLogLevel.DEBUG, suppressOverrideMessage: true });
    ends.unshift(() => diag.disable());
    const error = new RangeError("secret");
    ends.unshift(
      awaitClass(awaited, () => {
        throw error;
      }),
    );
    logger.debug.mockClear();
    addLoadedClass(awaited, class {});
    expect(logger.warn.mock.calls).toEqual([["otel-forecast: Gauge is not observed: RangeError"]]);
    expect(logger.debug.mock.calls).toEqual([["otel-forecast: Gauge is not observed", error]]);
  });

  it("that was loaded unnoticed is passed once to those who wait, and to those who wait later", () => {
    const told = wait();
    const [one, other] = [class {}, class {}];
    for (const loaded of [one, one, other]) addLoadedClass(awaited, loaded);
    expect(told).toEqual([one, other]);
    expect(wait()).toEqual([one, other]);
  });

  it("is loaded also if a listener of another copy of this package fails", async () => {
    const told = wait();
    const halls = globalThis as unknown as Record<symbol, { listeners: Set<() => void> }>;
    halls[Symbol.for(awaited.key)]?.listeners.add(() => {
      throw new Error("of another copy");
    });
    const { Gauge } = await load("gauge.mjs");
    expect(told).toEqual([Gauge]);
  });

  it("is not reported after the stop", async () => {
    const told = wait();
    ends.shift()?.();
    await load("gauge.mjs");
    expect(told).toEqual([]);
  });

  it("does not change modules that do not define it", async () => {
    const told = wait({ ...awaited, isDefinedIn: (source) => source.includes("class Gauge") });
    expect(await load("other.mjs")).toMatchObject({ nothing: 1 });
    expect(told).toEqual([]);
  });

  it("does no harm if the module of that URL has no such class", async () => {
    const told = wait();
    expect(await load("other.mjs")).toMatchObject({ nothing: 1 });
    expect(told).toEqual([]);
  });
});
