import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line. With `closeAfter`, the reader of the output ends after so many characters. */
function run(
  args: readonly string[],
  input: string | Buffer = "",
  closeAfter = Number.POSITIVE_INFINITY,
): Promise<Ended> {
  const child = spawn(process.execPath, ["--no-warnings", resolve(root, "src/cli.ts"), ...args]);
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
    if (out.length >= closeAfter) child.stdout.destroy();
  });
  child.stderr.on("data", (chunk) => (err += chunk));
  // The command may end before it has read everything.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  return new Promise((done) => child.on("close", (code) => done({ code, out, err })));
}

const request = (id: string): string =>
  `${JSON.stringify({ id, step_seconds: 60, values: [1, 2, 3, 4, 5, 6], horizon: 1 })}\n`;

describe("otel-forecast", () => {
  it.each(["--version", "-V"])("%s is the version of the package", async (option) => {
    const { version } = JSON.parse(readFileSync(resolve(root, "package.json"), "utf8"));
    expect(await run([option])).toEqual({ code: 0, out: `${version}\n`, err: "" });
  });

  it("lists --version in its help", async () => {
    expect((await run(["--help"])).out).toMatch(/-V, --version/);
  });
});

describe("otel-forecast forecast", () => {
  it("ends quietly when the reader of its output has ended", async () => {
    const input = Array.from({ length: 5000 }, (_, index) => request(`s${index}`)).join("");
    const ended = await run(["forecast", "--method", "naive"], input, 1);
    expect(ended).toMatchObject({ code: 0, err: "" });
    // It ended before the last request.
    expect(ended.out).not.toContain('"s4999"');
  });

  it("answers every request in order when its reader is slow", async () => {
    const count = 2000;
    const input = Array.from({ length: count }, (_, index) => request(`s${index}`)).join("");
    const { code, out } = await run(["forecast", "--method", "naive"], input);
    const ids = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).id);
    expect(code).toBe(0);
    expect(ids).toEqual(Array.from({ length: count }, (_, index) => `s${index}`));
  });

  it.each([
    ["UTF-8", Buffer.from(`\uFEFF${request("é")}`)],
    ["UTF-16", Buffer.from(`\uFEFF${request("é")}`, "utf16le")],
  ])("reads %s with a byte order mark", async (_, input) => {
    const { out } = await run(["forecast", "--method", "naive"], input);
    expect(JSON.parse(out)).toMatchObject({ id: "é", mean: [6] });
  });

  it("exits 2 where there is no such method", async () => {
    const { code, err } = await run(["forecast", "--method", "magic"]);
    expect(code).toBe(2);
    expect(err).toMatch(/--method must be one of auto, naive/);
  });
});
