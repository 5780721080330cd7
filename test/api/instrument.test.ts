import { execFileSync } from "node:child_process";
import { EventEmitter } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Server } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Transform } from "node:stream";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { instrument, task } from "../../src/api/instrument.ts";
import { PerformanceMonitor } from "../../src/api/performance-monitor.ts";

class Base {
  inherited(): string {
    return "inherited";
  }
}

class Healer extends Base {
  #mended = 0;
  host = "db-1";
  readonly probe = (): string => this.host;

  get mended(): number {
    return this.#mended;
  }

  set mended(count: number) {
    this.#mended = count;
  }

  restart(times = 1): this {
    this.#mended += times;
    return this;
  }

  async heal(): Promise<string> {
    await Promise.resolve();
    this.restart();
    return this.host;
  }

  async fail(): Promise<void> {
    await Promise.resolve();
    throw new RangeError("too much");
  }

  failAtOnce(): void {
    throw new TypeError("wrong");
  }

  abort(): void {
    throw new DOMException("given up", "AbortError");
  }

  async survive(): Promise<string> {
    await this.fail().catch(() => {});
    return "alive";
  }

  async surviveInside(): Promise<string> {
    return await this.survive();
  }

  async failInside(): Promise<void> {
    await this.fail();
  }

  async surviveBoth(): Promise<string> {
    await this.failInside().catch(() => {});
    return await this.survive();
  }

  later(): Promise<string> {
    return new Promise((resolve) => setImmediate(() => resolve(this.inherited())));
  }

  *steps(): Generator<number> {
    yield 1;
  }

  _internal(): number {
    return 1;
  }
}

const folder = mkdtempSync(join(tmpdir(), "decorated-"));
const compiled = join(folder, "scaler.mjs");

beforeAll(() => {
  const source = join(folder, "scaler.mts");
  writeFileSync(
    source,
    `export const Scaler = (task: any) => class {
      #size = 1;
      @task("scale", { agentName: "scaler" })
      async grow(by: number) { await Promise.resolve(); this.#size += by; return this.#size; }
      @task(undefined, { agentName: "scaler" })
      shrink() { throw new RangeError("at its least"); }
    };`,
  );
  const tsc = resolve(import.meta.dirname, "../../node_modules/typescript/bin/tsc");
  const args = [
    tsc,
    source,
    "--target",
    "es2022",
    "--module",
    "nodenext",
    "--types",
    "",
    "--skipLibCheck",
    "--ignoreConfig",
  ];
  execFileSync(process.execPath, args, { stdio: "inherit" });
});

afterAll(() => rmSync(folder, { recursive: true }));

let monitor: PerformanceMonitor;
const of = (agent: string) => monitor.getPerformanceSummary(agent);

beforeEach(async () => {
  monitor = new PerformanceMonitor({ exporters: [] });
  await monitor.start();
});

afterEach(() => monitor.shutdown());

describe("instrument", () => {
  it("returns the same object, and does not change its class and other instances", () => {
    const healer = new Healer();
    const other = new Healer();
    const before = Object.getOwnPropertyDescriptors(Healer.prototype);
    expect(instrument("healer", healer)).toBe(healer);
    expect(healer).toBeInstanceOf(Healer);
    expect(Object.getPrototypeOf(healer)).toBe(Healer.prototype);
    expect(Object.getOwnPropertyDescriptors(Healer.prototype)).toEqual(before);
    expect(Object.keys(healer)).toEqual(["host", "probe"]);
    const { name, length } = Object.getOwnPropertyDescriptors(healer.restart);
    const like = { configurable: true, enumerable: false, writable: false };
    expect({ name, length }).toEqual({ name: { ...like, value: "restart" }, length: { ...like, value: 0 } });
    other.restart();
    expect(of("healer").completedTasks).toBe(0);
  });

  it("records synchronous and asynchronous methods as tasks, also inherited ones and fields", async () => {
    const healer = instrument("healer", new Healer());
    expect(healer.restart(2).restart()).toBe(healer);
    expect(await healer.heal()).toBe("db-1");
    expect([healer.inherited(), healer.probe()]).toEqual(["inherited", "db-1"]);
    expect(healer.mended).toBe(4);
    const { completedTasks, byTaskType } = of("healer");
    expect(completedTasks).toBe(5);
    expect(Object.keys(byTaskType).sort()).toEqual(["heal", "inherited", "probe", "restart"]);
    expect(byTaskType.restart?.completedTasks).toBe(2);
  });

  it("takes a method whose name begins like that of a class, and no class", () => {
    const Plan = class {};
    class Sorter {
      readonly plan = Plan;
      classify(): string {
        return "spam";
      }
      class(): string {
        return "first";
      }
    }
    const sorter = instrument("sorter", new Sorter(), { except: ["class"] });
    expect([sorter.classify(), sorter.class(), sorter.plan]).toEqual(["spam", "first", Plan]);
    expect(Object.keys(of("sorter").byTaskType)).toEqual(["classify"]);
  });

  it("does not change getters, setters, generators and names that begin with _", () => {
    const healer = instrument("healer", new Healer());
    healer.mended = 7;
    expect([healer.mended, [...healer.steps()], healer._internal()]).toEqual([7, [1], 1]);
    expect(of("healer").completedTasks).toBe(0);
  });

  it("throws errors unchanged, and records failures and cancellations", async () => {
    const healer = instrument("healer", new Healer());
    await expect(healer.fail()).rejects.toThrow(RangeError);
    expect(() => healer.failAtOnce()).toThrow(TypeError);
    expect(() => healer.abort()).toThrow("given up");
    expect(of("healer")).toMatchObject({
      completedTasks: 0,
      failedTasks: 2,
      cancelledTasks: 1,
      activeTasks: 0,
    });
  });

  it("counts a step that fails in a task that goes on as a failed attempt", async () => {
    const healer = instrument("healer", new Healer());
    expect(await healer.survive()).toBe("alive");
    expect(of("healer")).toMatchObject({
      completedTasks: 1,
      failedTasks: 0,
      successRate: 0.5,
      taskSuccessRate: 1,
    });
  });

  it("counts a step inside a step once: as its own attempt, or as that of the step that ends like it", async () => {
    const healer = instrument("healer", new Healer());
    await healer.surviveInside();
    // The task, and the step inside its step, which failed.
    expect(of("healer").successRate).toBe(1 / 2);
    await healer.surviveBoth();
    // The task, the step that failed with the one inside it, and the one inside the step that did not.
    expect(of("healer").successRate).toBe(2 / 5);
  });

  it("lets a method call itself thousands of times, as without us", () => {
    class Walker {
      walk(steps: number): number {
        return steps === 0 ? 0 : 1 + this.walk(steps - 1);
      }
    }
    const walker = instrument("walker", new Walker());
    expect(walker.walk(2000)).toBe(2000);
    expect(of("walker")).toMatchObject({ completedTasks: 1, failedTasks: 0, taskSuccessRate: 1 });
  });

  it("counts a call after the end of the task that started it as a task of its own", async () => {
    class Timed extends Healer {
      start(): void {
        setImmediate(() => this.restart());
      }
    }
    const healer = instrument("healer", new Timed());
    healer.start();
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(of("healer").byTaskType).toMatchObject({
      start: { completedTasks: 1 },
      restart: { completedTasks: 1 },
    });
  });

  it("records two objects separately if one calls the other", () => {
    const inner = instrument("inner", new Healer());
    class Outer {
      run(): void {
        inner.restart();
      }
    }
    instrument("outer", new Outer()).run();
    expect([of("outer").completedTasks, of("inner").completedTasks]).toEqual([1, 1]);
  });

  it("takes only the given methods, or all except some, and each once", () => {
    const some = instrument("some", new Healer(), { methods: ["restart"] });
    some.restart();
    some.inherited();
    const rest = instrument("rest", instrument("rest", new Healer(), { except: ["restart"] }), {
      except: ["restart"],
    });
    rest.restart();
    rest.inherited();
    expect([of("some").completedTasks, of("rest").completedTasks]).toEqual([1, 1]);
  });

  it("does not change again what it records already", () => {
    class Site extends Healer {
      readonly http = Object.assign(() => "any", { get: () => "get" });
    }
    const site = instrument("site", new Site());
    const { http, restart, inherited, heal } = site;
    instrument("site", site);
    expect([site.http, site.restart, site.inherited, site.heal]).toEqual([http, restart, inherited, heal]);
    expect(site.http).toBe(http);
    expect([restart.name, restart.length, heal.name]).toEqual(["restart", 0, "heal"]);
  });

  it("does not change methods of EventEmitter and of built-in classes", () => {
    class Emitting extends EventEmitter {
      work(): boolean {
        return this.emit("worked");
      }
    }
    class Registry extends Map<string, string> {
      put(name: string): this {
        return this.set(name, name);
      }
    }
    class Upper extends Transform {
      calm(): this {
        return this.setEncoding("utf8");
      }
    }
    class Own extends Server {
      begin(): this {
        return this.ref();
      }
    }
    instrument("upper", new Upper()).calm().end();
    instrument("own", new Own()).begin().close();
    expect(Object.keys(of("upper").byTaskType)).toEqual(["calm"]);
    expect(Object.keys(of("own").byTaskType)).toEqual(["begin"]);
    const emitting = instrument("emitting", new Emitting());
    const registry = instrument("registry", new Registry());
    emitting.on("worked", () => {});
    expect([emitting.work(), registry.put("a").size]).toEqual([true, 1]);
    expect(Object.keys(of("emitting").byTaskType)).toEqual(["work"]);
    expect(Object.keys(of("registry").byTaskType)).toEqual(["put"]);
  });

  it("leaves what a function in a field carries, and what it constructs", () => {
    class Client extends Function {
      red = "a style";
    }
    const styled: Client = Object.setPrototypeOf(() => "styled", new Client());
    class Site {
      // As `axios.create()` and `express()` return it, and `chalk`.
      readonly http = Object.assign((path: string) => `any ${path}`, {
        get: (path: string) => `get ${path}`,
      });
      readonly styled = styled;
      readonly page = function (this: { title: string }, title: string) {
        this.title = title;
      } as unknown as new (
        title: string,
      ) => { readonly title: string };
    }
    const site = instrument("site", instrument("site", new Site()));
    expect([site.http.get("/"), site.http("/"), site.styled.red]).toEqual(["get /", "any /", "a style"]);
    const page = new site.page("home");
    expect(page.title).toBe("home");
    expect(page).toBeInstanceOf(site.page);
    expect(["get" in site.http, "put" in site.http, "red" in site.styled]).toEqual([true, false, true]);
    expect(of("site").byTaskType).toMatchObject({ http: { completedTasks: 1 } });
  });

  it("just runs the method when no monitor runs", async () => {
    const healer = instrument("healer", new Healer());
    await monitor.shutdown();
    expect(await healer.heal()).toBe("db-1");
  });

  it.for([
    ["", new Healer(), {}, "must be a name"],
    ["healer", null, {}, "must be an object"],
    ["healer", Object.freeze(new Healer()), {}, "frozen"],
    ["healer", new Healer(), { methods: ["fly"] }, "no method fly"],
  ] as const)("refuses %s %o", ([name, object, options, message]) => {
    expect(() => instrument(name, object as object, options)).toThrow(message);
  });
});

describe("@task", () => {
  /** As TypeScript writes it: the test runner itself does not know decorators. */
  it("records the calls of a method as tasks, as TypeScript compiles the decorator", async () => {
    const { Scaler } = await import(pathToFileURL(compiled).href);
    const Shown = Scaler(task) as new () => { grow(by: number): Promise<number>; shrink(): never };
    const scaler = new Shown();
    expect(await scaler.grow(2)).toBe(3);
    expect(() => scaler.shrink()).toThrow(RangeError);
    expect(of("scaler").byTaskType).toMatchObject({
      scale: { completedTasks: 1 },
      shrink: { failedTasks: 1 },
    });
  });

  it("counts for the agent of the process by default", () => {
    const context = { kind: "method", name: "run" } as ClassMethodDecoratorContext<unknown>;
    const run = task()(() => 1, context as never) as () => number;
    expect(run()).toBe(1);
    expect(of(monitor.agentNames[0] as string).byTaskType).toMatchObject({ run: { completedTasks: 1 } });
  });

  it("is only for methods", () => {
    const decorate = task("x") as (value: unknown, context: unknown) => unknown;
    expect(() => decorate(undefined, { kind: "field" })).toThrow("not for a field");
  });
});
