import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const cli = resolve(import.meta.dirname, "../../../src/cli.ts");
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "backtest-"));
  const rows = Array.from({ length: 200 }, (_, index) => `${1_767_225_600 + index * 60},${index % 10}`);
  await writeFile(join(folder, "good.csv"), ["time,v", ...rows].join("\n"));
  await writeFile(join(folder, "bad.csv"), "time,v\n2026-01-01,x\n");
});
afterAll(() => rm(folder, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function backtest(args: readonly string[], input = ""): Promise<Ended> {
  const child = spawn(process.execPath, ["--no-warnings", cli, "backtest", ...args], { cwd: folder });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk) => (out += chunk));
  child.stderr.on("data", (chunk) => (err += chunk));
  child.stdin.end(input);
  return new Promise((done) => child.on("close", (code) => done({ code, out, err })));
}

describe("otel-forecast backtest on a command line", () => {
  it("exits 0 with tables on standard output, and nothing else where no terminal is", async () => {
    const ended = await backtest(["good.csv", "--method", "auto", "--horizons", "5,10m", "--origins", "2"]);
    expect(ended).toMatchObject({ code: 0, err: "" });
    expect(ended.out).toMatch(/horizon 5 steps \(5 min\)[\s\S]*│ auto[\s\S]*horizon 10 steps \(10 min\)/);
  });

  it("reads standard input, writes JSON, and a report to a file", async () => {
    const text = await readFile(join(folder, "good.csv"), "utf8");
    const args = ["-", "--method", "naive", "--horizons", "5", "--json", "--html", "report.html"];
    const ended = await backtest(args, text);
    expect(ended).toMatchObject({ code: 0, err: "" });
    expect(JSON.parse(ended.out).overall).toHaveLength(1);
    expect(await readFile(join(folder, "report.html"), "utf8")).toMatch(/<title>Backtest of -<\/title>/);
  });

  it("reads long tables, decimal commas, local times and UTF-16", async () => {
    const rows = ["a", "b"].flatMap((id) =>
      Array.from(
        { length: 60 },
        (_, index) =>
          `${id};2026-07-0${1 + Math.floor(index / 24)} ${String(index % 24).padStart(2, "0")}:00;1,${100 + index}`,
      ),
    );
    const text = `\uFEFFhost;time;v\n${rows.join("\n")}`;
    await writeFile(join(folder, "long.csv"), Buffer.from(text, "utf16le"));
    const args = ["long.csv", "--method", "naive", "--horizons", "3", "--window", "20"];
    expect((await backtest(args)).err).toMatch(/can be 1100 or 1.1: name the decimal mark with --decimal/);
    expect((await backtest([...args, "--decimal", ","])).err).toMatch(/distinguishes them with --id host/);
    const more = ["--decimal", ",", "--id", "host", "--time-zone", "Europe/Berlin"];
    const ended = await backtest([...args, ...more]);
    expect(ended).toMatchObject({ code: 0, err: "" });
    expect(ended.out).toMatch(/2 series every 1 h from 2026-06-30 22:00 to 2026-07-03 09:00 UTC/);
  });

  it.each([
    [["bad.csv"], /^otel-forecast: bad.csv:2: column 2 \("v"\) is "x": expected a finite number/],
    [["missing.csv"], /^otel-forecast: missing.csv: ENOENT/],
    [
      ["http://127.0.0.1:9/api/v1/query_range?query=up&start=1&end=2&step=1"],
      /^otel-forecast: http:.*query_range.*: /,
    ],
    [
      ["good.csv", "--method", "naive", "--html", "no/such/folder.html"],
      /^otel-forecast: ENOENT.*no\/such\/folder.html/,
    ],
  ])("exits 1 and says why: %j", async (args, message) => {
    const ended = await backtest(args);
    expect(ended.err).toMatch(message);
    expect(ended).toMatchObject({ code: 1, out: "" });
  });

  it.each([
    [[], /missing required argument 'input'/],
    [
      ["good.csv", "--horizons", "soon"],
      /'--horizons <list>' argument 'soon' is invalid. got "soon": expected a number of steps/,
    ],
    [["good.csv", "--method", "magic"], /expected one of auto, learned, naive/],
    [["good.csv", "--decimal", ";"], /got ";": expected \. or ,/],
    [["good.csv", "--start", "0"], /--start, --end and --step belong to --query/],
    [["good.csv", "--query", "up"], /--query needs the address of a Prometheus as <input>, got "good.csv"/],
    [["good.csv", "--unknown"], /unknown option '--unknown'/],
  ])("exits 2 where it is used wrongly: %j", async (args, message) => {
    const ended = await backtest(args);
    expect(ended.err).toMatch(message);
    expect(ended).toMatchObject({ code: 2, out: "" });
  });

  it("has a help of its own", async () => {
    const ended = await backtest(["--help"]);
    expect(ended.code).toBe(0);
    expect(ended.out).toMatch(/Usage: otel-forecast backtest \[options\] <input>/);
  });
});
