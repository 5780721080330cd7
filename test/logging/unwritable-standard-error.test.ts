import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

const SOURCE = resolve(import.meta.dirname, "../../src/logging/standard-error.ts");

/** Runs code with a standard error that can't be written. Gives its exit code and standard output. */
async function run(
  code: string,
  stderr: "closed pipe" | "full disk",
): Promise<{ code: number; stdout: string }> {
  const isFull = stderr === "full disk";
  const script = `import { writeToStandardError } from ${JSON.stringify(SOURCE)};
    import { setImmediate } from "node:timers/promises";
    ${code}`;
  const node = [process.execPath, "--input-type=module-typescript", "--eval", script];
  const [command = "", ...args] = isFull ? ["/bin/sh", "-c", 'exec "$@" 2>/dev/full', "sh", ...node] : node;
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  if (!isFull) child.stderr.destroy();
  const [stdout] = await Promise.all([child.stdout.toArray(), once(child, "close")]);
  return { code: child.exitCode ?? -1, stdout: Buffer.concat(stdout).toString() };
}

const LINES = `
  for (let turn = 0; turn < 3; turn += 1) {
    for (let line = 0; line < 20; line += 1) writeToStandardError("a line");
    for (let wait = 0; wait < 3; wait += 1) await setImmediate();
  }`;

describe.each(
  process.platform === "linux" ? (["closed pipe", "full disk"] as const) : (["closed pipe"] as const),
)("a standard error that can't be written: a %s", (stderr) => {
  it("ends an application that writes there itself, as without us", async () => {
    const ended = await run(
      `${LINES}
      process.on("uncaughtException", ({ code }) => { console.log(code); process.exit(7); });
      process.stderr.write("its own");
      await new Promise(() => setInterval(() => {}, 1000));`,
      stderr,
    );
    expect(ended).toEqual({ code: 7, stdout: stderr === "full disk" ? "ENOSPC\n" : "EPIPE\n" });
  });
});

it("accepts a standard error whose writing throws", async () => {
  const ended = await run(
    `process.stderr.write = () => { throw new Error("refused"); };
    writeToStandardError("a line");
    console.log(process.stderr.listenerCount("error"));`,
    "closed pipe",
  );
  expect(ended).toEqual({ code: 0, stdout: "0\n" });
});

it("does not end the application if the reader of a full pipe goes away", async () => {
  const script = `import { writeToStandardError } from ${JSON.stringify(SOURCE)};
    import { setTimeout as delay } from "node:timers/promises";
    writeToStandardError("x".repeat(10_000_000));
    console.log("written");
    await delay(500);
    console.log(process.stderr.listenerCount("error"));`;
  const child = spawn(process.execPath, ["--input-type=module-typescript", "--eval", script], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    child.stderr.destroy();
  });
  await once(child, "close");
  expect({ code: child.exitCode, stdout }).toEqual({ code: 0, stdout: "written\n0\n" });
});
