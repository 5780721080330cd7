import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { afterEach, describe, expect, it } from "vitest";

const processEnd = resolve(import.meta.dirname, "../../src/zero-code/process-end.ts");
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly said: string;
}

/**
 * Runs a program that says when it begins to flush at its end, and when it has flushed. The signals are sent one by
 * one, each when the program has said "ready" again.
 *
 * @param options.before what runs before the flush is registered; `more`: further arguments.
 */
async function run(
  program: string,
  signals: NodeJS.Signals[] = [],
  { patienceMillis = 5000, before = "", more = "", isAwaited = true } = {},
): Promise<Ended> {
  const code = `
    import { setTimeout as delay } from "node:timers/promises";
    import { flushAtProcessEnd } from ${JSON.stringify(processEnd)};
    const say = (what) => process.stdout.write(what + "\\n");
    ${before}
    let flush = async () => { await delay(20); say("flushed"); };
    let isAwaited = ${isAwaited};
    const begun = () => { say("flushing"); return flush(); };
    let save = async () => say("saved");
    const listenIfAwaited = flushAtProcessEnd({ end: begun, save: () => save(), isAwaited: () => isAwaited }, ${patienceMillis}${more});
    ${program}
  `;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", code], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  let said = "";
  const pending = [...signals];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    const signal = text.includes("ready") ? pending.shift() : undefined;
    if (signal !== undefined) child.kill(signal);
  });
  const [exit, signal] = await once(child, "close");
  return { code: exit, signal, said };
}

const stayAlive = `setInterval(() => {}, 1000); say("ready");`;

it.skipIf(process.platform === "win32")(
  "an application that handles a signal by an end of its work ends at once, however late we listen again",
  async () => {
    // Nothing else keeps it alive: if we did, the test would last two minutes.
    const ended = await run(
      `const work = setInterval(() => {}, 1000);
       process.once("SIGTERM", () => clearInterval(work));
       say("ready");`,
      ["SIGTERM"],
    );
    expect(ended).toMatchObject({ code: 0, signal: null, said: expect.stringContaining("saved") });
  },
);

it("leaves the application as many listeners of each event as before, without a warning of a leak", async () => {
  const ended = await run(`
    process.on("warning", ({ message }) => say(message));
    isAwaited = false;
    for (const event of ["beforeExit", "exit", "SIGTERM", "SIGINT", "SIGHUP"])
      for (let listener = 0; listener < 10; listener += 1) process.on(event, () => {});
    await delay(50);
    process.exit();
  `);
  expect(ended.said).toBe("");
});

describe("a process that ends", () => {
  it("flushes once and keeps its exit code", async () => {
    expect(await run("process.exitCode = 7;")).toEqual({
      code: 7,
      signal: null,
      said: "flushing\nflushed\n",
    });
  });

  it("flushes once, though the flush makes Node emit beforeExit again", async () => {
    const program = `process.on("beforeExit", () => say("about to end"));`;
    const { said, code } = await run(program);
    expect(said.match(/flushed/g)).toHaveLength(1);
    expect(code).toBe(0);
  });

  it("flushes nothing if nobody receives it, and then Node emits beforeExit once", async () => {
    const program = `process.on("beforeExit", () => say("about to end"));`;
    expect(await run(program, [], { isAwaited: false })).toEqual({
      code: 0,
      signal: null,
      said: "about to end\n",
    });
  });

  it.each([
    `() => Promise.reject(new Error("no"))`,
    "() => new Promise(() => {})",
    `() => { throw new Error("no"); }`,
  ])("ends also if the flush fails, or never ends: %s", async (flush) => {
    expect(await run(`flush = ${flush};`)).toEqual({ code: 0, signal: null, said: "flushing\n" });
  });
});

it("is not warned about ten listeners of its own", async () => {
  const program = `
    process.on("warning", ({ message }) => say(message));
    for (const event of ["SIGTERM", "SIGINT", "SIGHUP", "beforeExit"])
      for (let count = 0; count < 10; count++) process.on(event, () => {});`;
  expect((await run(program)).said).toBe("flushing\nflushed\n");
});

describe.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)("a process that gets %s", (signal) => {
  it("flushes and ends by the signal", async () => {
    expect(await run(stayAlive, [signal])).toEqual({
      code: null,
      signal,
      said: "ready\nflushing\nflushed\n",
    });
  });

  it("ends by the signal if the flush takes longer than its timeout", async () => {
    const program = `flush = () => new Promise(() => {}); ${stayAlive}`;
    expect(await run(program, [signal], { patienceMillis: 50 })).toEqual({
      code: null,
      signal,
      said: "ready\nflushing\n",
    });
  });

  it.each([`() => { throw new Error("no"); }`, `() => Promise.reject(new Error("no"))`])(
    "ends by the signal if the flush fails, at once or later: %s",
    async (flush) => {
      const program = `flush = ${flush}; ${stayAlive}`;
      expect(await run(program, [signal])).toEqual({ code: null, signal, said: "ready\nflushing\n" });
    },
  );

  it("ends at once at a second signal during the flush", async () => {
    const program = `flush = () => { say("ready"); return new Promise(() => {}); }; ${stayAlive}`;
    expect(await run(program, [signal, signal])).toEqual({
      code: null,
      signal,
      said: "ready\nflushing\nready\n",
    });
  });

  it("saves if the application handles the signal and ends by it, also by a listener that came first and runs once", async () => {
    const tidying = `process.once("${signal}", () => setTimeout(() => { say("tidy"); process.exit(3); }, 200));`;
    const expected = { code: 3, signal: null, said: "ready\nsaved\ntidy\n" };
    expect(await run(stayAlive, [signal], { before: tidying })).toEqual(expected);
    expect(await run(`${tidying} ${stayAlive}`, [signal])).toEqual(expected);
  });

  it("saves at each signal that the application lives on after, and flushes at its end", async () => {
    const program = `
      let left = 2;
      const timer = setInterval(() => {}, 1000);
      process.on("${signal}", () => {
        left -= 1;
        if (left === 0) clearInterval(timer);
        else setTimeout(() => say("ready"), 50);
      });
      say("ready");`;
    expect(await run(program, [signal, signal], { more: ", 0" })).toEqual({
      code: 0,
      signal: null,
      said: "ready\nsaved\nready\nsaved\nflushing\nflushed\n",
    });
  });

  it.each([
    `() => { throw new Error("no"); }`,
    `() => Promise.reject(new Error("no"))`,
    "() => new Promise(() => {})",
  ])("lives on as the application wants if what is to be saved can't be: %s", async (save) => {
    const program = `save = ${save}; process.on("${signal}", () => setTimeout(() => process.exit(4), 50)); ${stayAlive}`;
    expect(await run(program, [signal])).toEqual({ code: 4, signal: null, said: "ready\n" });
  });

  it("is ended by another package that ends it if nobody else listens", async () => {
    const program = `
      process.on("${signal}", function others() {
        if (process.listenerCount("${signal}") > 1) return;
        process.off("${signal}", others);
        process.kill(process.pid, "${signal}");
      });
      ${stayAlive}`;
    expect(await run(program, [signal])).toMatchObject({ code: null, signal });
  });

  it("is ended by another package that tidies up first, and then ends it if nobody else listens", async () => {
    const program = `
      process.on("${signal}", async () => {
        await delay(300);
        if (process.listenerCount("${signal}") === 1) process.exit(5);
      });
      ${stayAlive}`;
    expect(await run(program, [signal])).toEqual({ code: 5, signal: null, said: "ready\nsaved\n" });
    expect(await run(program, [signal], { isAwaited: false })).toMatchObject({ code: 5 });
  });

  it("ends at once while its event loop is blocked, if nobody receives what would be flushed", async () => {
    const program = `
      say("ready");
      const until = Date.now() + 5000;
      while (Date.now() < until);
      process.exit(6);`;
    const said = "ready\n";
    expect(await run(program, [signal], { isAwaited: false })).toEqual({ code: null, signal, said });
  });

  it("has no listener of ours before somebody receives what is flushed, and then one", async () => {
    const program = `
      listenIfAwaited();
      say(process.listenerCount("${signal}"));
      isAwaited = true;
      listenIfAwaited();
      listenIfAwaited();
      say(process.listenerCount("${signal}"));
      ${stayAlive}`;
    expect(await run(program, [signal], { isAwaited: false })).toEqual({
      code: null,
      signal,
      said: "0\n1\nready\nflushing\nflushed\n",
    });
  });

  it("is ended by the flush of one of two copies of this package", async () => {
    const program = `
      flushAtProcessEnd({ end: async () => say("other"), save: async () => {}, isAwaited: () => true }, 5000);
      ${stayAlive}`;
    expect(await run(program, [signal])).toMatchObject({ code: null, signal });
  });
});
