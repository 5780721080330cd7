import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { MAX_LINE_LENGTH } from "../../src/commands/forecast.ts";

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

describe("an argument that is wrong is wrong use, with the help of its command", () => {
  it.each([
    [["status", "ftp://x"], "otel-forecast: expected a URL such as http://localhost:9464"],
    [["forecast", "--method", "arima"], "Usage: otel-forecast forecast [options]"],
    [["backtest", "a.csv", "--query", "up"], "Usage: otel-forecast backtest [options] <input>"],
    [["rules", "--runbooks", "runbooks"], "It must be a URL that begins with http:// or https://."],
    [["rules", "--job", " "], "It must be a name."],
  ])("%j", async (args, says) => {
    const { code, out, err } = await run(args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(says);
    expect(err).not.toMatch(/^ {4}at /m);
  });
});

describe("otel-forecast", () => {
  it.each(["--version", "-V"])("%s is the version of the package", async (option) => {
    const { version } = JSON.parse(readFileSync(resolve(root, "package.json"), "utf8"));
    expect(await run([option])).toEqual({ code: 0, out: `${version}\n`, err: "" });
  });

  it("lists its commands and --version in its help", async () => {
    const { out } = await run(["--help"]);
    expect(out).toMatch(/-V, --version/);
    const commands = [...out.matchAll(/^ {2}([a-z]+) /gm)];
    expect(commands.map(([, name]) => name)).toEqual([
      ...["forecast", "backtest", "rules", "dashboard", "check", "gateway", "status", "mcp", "help"],
    ]);
  });
});

/** Runs the command line with a file as its standard output. */
function runInto(file: string, args: readonly string[]): Omit<Ended, "out"> {
  const output = openSync(file, "w");
  const command = ["--no-warnings", resolve(root, "src/cli.ts"), ...args];
  const { status, stderr } = spawnSync(process.execPath, command, {
    stdio: ["ignore", output, "pipe"],
    encoding: "utf8",
  });
  closeSync(output);
  return { code: status, err: stderr };
}

describe("an error is one line without a stack trace", () => {
  it.runIf(existsSync("/dev/full"))("where the output can't be written", () => {
    const { code, err } = runInto("/dev/full", ["--help"]);
    expect(code).toBe(1);
    expect(err).toMatch(/^otel-forecast: ENOSPC[^\n]*\n$/);
  });

  it.each(["backtest", "check"])("where the file of %s is a folder", async (command) => {
    const { code, err } = await run([command, root]);
    expect(code).toBe(1);
    expect(err).toMatch(/^[^\n]*folder[^\n]*\n$/);
    expect(err).toContain(root);
  });

  it.each([["backtest", "-"], ["forecast"]])("where the standard input of %s is a folder", (...args) => {
    const input = openSync(root, "r");
    const command = ["--no-warnings", resolve(root, "src/cli.ts"), ...args];
    const { status, stdout, stderr } = spawnSync(process.execPath, command, {
      stdio: [input, "pipe", "pipe"],
      encoding: "utf8",
    });
    closeSync(input);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/^otel-forecast: [^\n]*expected a file or a pipe as input, got a folder\n$/);
  });
});

it.each([
  ["backtest", "no\nsuch\nfile"],
  ["check", "no\nsuch\nfile"],
  ["check", "--web", "no\nsuch\nfile"],
  ["rules", "--config", "no\nsuch\nfile"],
  ["dashboard", "--config", "no\nsuch\nfile"],
])("a line feed in a name does not begin a line of %s", async (...args) => {
  const { code, err } = await run(args);
  expect(code).toBe(1);
  expect(err).toMatch(
    /^[^\n]*ENOENT[^\n]*no\\nsuch\\nfile[^\n]*\n$|^[^\n]*no\\nsuch\\nfile: ENOENT[^\n]*\n$/,
  );
});

describe("otel-forecast forecast", () => {
  it("answers a line that is too long with an error, and goes on", async () => {
    const { code, out, err } = await run(["forecast"], `${"[".repeat(MAX_LINE_LENGTH + 1)}\n[1]\n`);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(
      out
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { id: null, error: `line is longer than ${MAX_LINE_LENGTH} characters: expected a shorter one` },
      { id: null, error: "line is an array of 1: expected a JSON object" },
    ]);
  });

  it("answers a line of nesting and a line of quotes that are as long as a line may be", async () => {
    const lines = ["[", '\\"', '"'].map((part) => part.repeat(MAX_LINE_LENGTH / part.length));
    const { code, out, err } = await run(["forecast"], `${lines.join("\n")}\n`);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    for (const line of out.trimEnd().split("\n")) expect(line).toMatch(/^\{"id":null,"error":"not JSON: /);
    expect(out.trimEnd().split("\n")).toHaveLength(lines.length);
  });

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
    expect(err).toMatch(/--method must be one of auto, learned, naive/);
  });
});

it("gateway writes a line for each mistake in its file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "gateway.yaml");
  writeFileSync(file, "interval: often\nmembers: { count: none }\n");
  const { code, err } = await run(["gateway", "--config", file]);
  expect(code).toBe(1);
  expect(err.trimEnd().split("\n")).toEqual([
    expect.stringMatching(/gateway\.yaml:1: "interval": /),
    expect.stringMatching(/gateway\.yaml:2: "members\.count": /),
  ]);
});
