import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";

const module = resolve(import.meta.dirname, "../../src/logging/standard-error.ts");
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "standard-error-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a program with this standard error, and returns its exit code and what it writes to standard output. */
async function run(program: string, stderr: "pipe" | number): Promise<{ code: number; said: string }> {
  const code = `
    import { setTimeout as delay } from "node:timers/promises";
    import { writeToStandardError as write } from ${JSON.stringify(module)};
    ${program}`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", code], {
    stdio: ["ignore", "pipe", stderr],
  });
  child.stderr?.destroy();
  let said = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const [exit] = await once(child, "close");
  return { code: exit, said };
}

const lines = (write: string) => `
  ${write}("one"); await delay(20);
  ${write}("two"); await delay(20);
  ${write}("three"); await delay(20);`;

it.skipIf(process.platform === "win32").each([
  ["a closed pipe", () => "pipe" as const],
  ["a file on a full disk", () => openSync("/dev/full", "w")],
])("a line that cannot be written to %s neither ends the process nor is seen by it", async (_, stderr) => {
  const listens = `process.stderr.on("error", () => console.log("seen"));`;
  expect(await run(lines("write"), stderr())).toEqual({ code: 0, said: "" });
  expect(await run(`${lines("write")} console.error("of the app"); ${lines("write")}`, stderr())).toEqual({
    code: 0,
    said: "",
  });
  expect(await run(`${listens} ${lines("write")}`, stderr())).toEqual({ code: 0, said: "" });
});

it("writes lines of any length, with their details, in order with those of the application", async () => {
  const path = join(folder, "lines");
  const program = `
    write("one", { a: 1 });
    console.error("two");
    write("x".repeat(200_000));
    console.error("four");`;
  await run(program, openSync(path, "w"));
  expect(readFileSync(path, "utf8").split("\n")).toEqual([
    "one { a: 1 }",
    "two",
    "x".repeat(200_000),
    "four",
    "",
  ]);
});

it.each([
  "console.error = (...line) => console.log(...line);",
  "process.stderr.write = (line) => process.stdout.write(line);",
])("gives lines to an application that takes them: %s", async (takes) => {
  const path = join(folder, "lines");
  expect(await run(`${takes} write("one");`, openSync(path, "w"))).toEqual({ code: 0, said: "one\n" });
  expect(readFileSync(path, "utf8")).toBe("");
});
