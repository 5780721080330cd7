import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DiagLogLevel, diag } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lineOf } from "../../../src/run/history/record-lines.ts";
import { historyRecords } from "../../harness/history-records.ts";
import { Harness, MINUTE, World } from "../harness.ts";

const NOON = Date.UTC(2026, 0, 1, 12);
let folder: string;
let path: string;
let begun: Harness[];
const said: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-forecast-history-file-"));
  path = join(folder, "history");
  begun = [];
  said.length = 0;
  const logger = { error: () => {}, warn: (it: string) => said.push(it), info: () => {}, debug: () => {} };
  diag.setLogger({ ...logger, verbose: () => {} }, { logLevel: DiagLogLevel.WARN });
});

afterEach(async () => {
  for (const harness of begun) await harness.pipeline.stop();
  diag.disable();
  rmSync(folder, { recursive: true, force: true });
});

function begin(millis = NOON, options: ConstructorParameters<typeof Harness>[0] = {}): Harness {
  const world = new World();
  world.millis = millis;
  const harness = new Harness({ history: `file:${path}`, ...options }, world);
  begun.push(harness);
  return harness;
}

const spend = ({ pipeline }: Harness): void =>
  pipeline.instruments.consumption.tokensUsed(
    "planner",
    { input: 90, output: 10, cachedInput: 0 },
    undefined,
  );
const tokens = (harness: Harness) => harness.value("ai_cloud_tokens_today", { agent: "planner" });

/** A process that learns for some ticks, uses 100 tokens in each, and ends. */
async function life(ticks = 3, millis = NOON): Promise<void> {
  const harness = begin(millis);
  await harness.ticks(ticks, () => spend(harness));
  await harness.pipeline.stop();
}

const names = () => readdirSync(folder).toSorted();
const aside = (why: string) => names().filter((name) => name.startsWith(`history.${why}-`));

describe("the files of a history", () => {
  it("can be read by their user alone, and nothing else is left", async () => {
    await life();
    expect(names()).toEqual(["history", "history.today"]);
    for (const name of names()) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  });

  it("replace files that others could read", async () => {
    writeFileSync(path, JSON.stringify({ series: [] }), { mode: 0o644 });
    chmodSync(path, 0o644);
    await life();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("do not follow a link that was planted", async () => {
    const victim = join(folder, "victim");
    writeFileSync(victim, "precious");
    symlinkSync(victim, `${path}.${process.pid}.tmp`);
    symlinkSync(victim, `${path}.today`);
    symlinkSync(victim, path);
    await life();
    expect(readFileSync(victim, "utf8")).toBe("precious");
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(said.join("\n")).toContain("can't be read: it is a symbolic link, which is not followed");
  });

  it("are rid of what killed processes left unfinished", async () => {
    for (const name of [
      "history.12345.tmp",
      "history.0123456789ab.tmp",
      "history.today.0123456789ab.tmp",
      "history.tmp",
      "other.1.tmp",
    ])
      writeFileSync(join(folder, name), "");
    await life();
    expect(names()).toEqual(["history", "history.tmp", "history.today", "other.1.tmp"]);
  });

  it("are not written over a folder, which is logged once", async () => {
    mkdirSync(path);
    const harness = begin();
    await harness.ticks(20, () => spend(harness));
    expect(await tokens(harness)).toBe(2000);
    expect(said).toHaveLength(1);
    expect(names()).toEqual(["history"]);
  });

  it("are tried again a minute after they could not be read", async () => {
    mkdirSync(path);
    const harness = begin();
    await harness.ticks(1, () => spend(harness));
    rmSync(path, { recursive: true });
    await harness.ticks(5, () => spend(harness));
    expect(names()).toEqual([]);
    await harness.ticks(1, () => spend(harness));
    await harness.pipeline.stop();
    expect(names()).toEqual(["history", "history.today"]);
    expect(said).toHaveLength(1);
  });

  it("may be written by a process that is as old as the world", async () => {
    await life();
    const harness = begin(0);
    await harness.ticks(2, () => spend(harness));
    expect(await tokens(harness)).toBe(200);
  });
});

it.skipIf(process.platform === "win32")(
  "a pipe as the file stops neither collecting nor the end, and is logged",
  async () => {
    execFileSync("mkfifo", [path]);
    const harness = begin();
    await harness.ticks(3, () => spend(harness));
    expect(await tokens(harness)).toBe(300);
    await harness.pipeline.stop();
    expect(said).toEqual([
      expect.stringContaining(`the history file ${path} can't be read: it is not a file`),
    ]);
  },
);

describe("a damaged file", () => {
  it("is kept under another name, what is whole goes on, and the next file is whole", async () => {
    await life();
    const before = readFileSync(path);
    const after = Buffer.from(before);
    const line = after.indexOf("cpu_usage");
    after[line] = (after[line] as number) ^ 1;
    writeFileSync(path, after);
    const series = historyRecordsOf(before);
    const harness = begin(NOON + MINUTE);
    await harness.ticks(1);
    expect(await tokens(harness)).toBe(300);
    expect(said).toEqual([expect.stringContaining("is damaged: 1 line is altered, 1 record is missing")]);
    const [kept] = aside("broken");
    expect(said[0]).toContain(kept);
    expect(readFileSync(join(folder, kept as string))).toEqual(after);
    await harness.pipeline.stop();
    expect(historyRecords(path).series.length).toBeGreaterThanOrEqual(series);
  });

  it("that is empty, or something else, is kept and logged too", async () => {
    for (const [index, text] of ["", "{", "[]\n", JSON.stringify({ some: "thing" })].entries()) {
      writeFileSync(path, text);
      await life(1, NOON + index * MINUTE);
      expect(said.splice(0)).toEqual([expect.stringContaining("is damaged: ")]);
      expect(aside("broken").some((name) => readFileSync(join(folder, name), "utf8") === text)).toBe(true);
    }
  });

  it("of what was used today leaves what the whole file has of it", async () => {
    await life();
    writeFileSync(`${path}.today`, readFileSync(`${path}.today`).subarray(0, 40));
    const harness = begin(NOON + MINUTE);
    await harness.ticks(1);
    expect(await tokens(harness)).toBe(300);
    expect(said).toHaveLength(1);
  });
});

it.each([JSON.stringify({ version: 99, series: [] }), newerRecords()])(
  "a file of a newer version is kept, and this is logged",
  async (text) => {
    writeFileSync(path, text);
    await life();
    const [kept] = aside("version-99");
    expect(readFileSync(join(folder, kept as string), "utf8")).toBe(text);
    expect(said).toEqual([expect.stringContaining("is of version 99, which is newer than this package")]);
  },
);

describe("two processes with one file", () => {
  it("use it one after the other: the second takes over when the first has ended", async () => {
    const first = begin();
    await first.ticks(3, () => spend(first));
    const second = begin(NOON + MINUTE);
    await second.ticks(2, () => spend(second));
    expect(await tokens(second)).toBe(200);
    expect(said).toEqual([expect.stringContaining("is in use by another process")]);
    await first.pipeline.stop();
    await second.ticks(1);
    expect(await tokens(second)).toBe(500);
    await second.pipeline.stop();
    expect(historyRecords(path).own[0]?.tokens).toBe(500);
  });

  it("do not know each other by a lock that was left behind", async () => {
    writeFileSync(`${path}.lock`, "");
    await life();
    expect(said).toEqual([]);
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  it("are told apart although the path is too long for a socket beside it", async () => {
    path = join(folder, "long".repeat(30), "history");
    const first = begin();
    await first.ticks(1, () => spend(first));
    const second = begin();
    await second.ticks(1);
    expect(said).toEqual([expect.stringContaining("is in use by another process")]);
  });

  it("both go on when the lock is impossible", async () => {
    mkdirSync(`${path}.lock`);
    await life();
    expect(historyRecords(path).own[0]?.tokens).toBe(300);
  });

  it("the first stops to write when another has taken the lock away", async () => {
    const first = begin();
    await first.ticks(1, () => spend(first));
    rmSync(`${path}.lock`);
    const other = await listen(`${path}.lock`);
    await first.ticks(12, () => spend(first));
    await first.pipeline.stop();
    expect(historyRecords(path).own[0]?.tokens).toBe(100);
    expect(said).toEqual([expect.stringContaining("is in use by another process")]);
    other.close();
  });
});

it("a large history is saved in slices, between which the event loop runs", async () => {
  const harness = begin(NOON, { maxSeries: 3000 });
  let pauses = 0;
  const { world, pipeline } = harness;
  // Each look at the clock takes a millisecond.
  let elapsed = 0;
  const pause = async (): Promise<void> => {
    pauses += 1;
  };
  Object.assign(world, { elapsedMillis: () => elapsed++, pause });
  const agents = Array.from({ length: 100 }, (_, agent) => `agent ${agent}`);
  await harness.ticks(1, () => {
    for (const agent of agents) pipeline.recordAgent({ agentName: agent, cpuUsage: 5, memoryUsage: 7 });
  });
  const before = pauses;
  world.millis += MINUTE;
  pipeline.history?.afterCollection(world.millis);
  await pipeline.history?.idle;
  const { series } = historyRecords(path);
  expect(series.length).toBeGreaterThan(200);
  expect(pauses - before).toBeGreaterThan(series.length / 10);
});

it("what was used today is saved at once when the process exits", async () => {
  const harness = begin();
  await harness.ticks(2, () => spend(harness));
  spend(harness);
  const before = process.listeners("exit").at(-1) as () => void;
  before();
  expect(historyRecords(`${path}.today`).own[0]?.tokens).toBe(300);
  expect(existsSync(`${path}.lock`)).toBe(false);
  expect(statSync(`${path}.today`).mode & 0o777).toBe(0o600);
  expect(harness.world.set.size).toBeGreaterThan(0);
});

function historyRecordsOf(bytes: Buffer): number {
  return bytes
    .toString("latin1")
    .split("\n")
    .filter((line) => line.includes('["series"')).length;
}

/** A file whose first line, with its checksum, is of version 99. */
function newerRecords(): string {
  const header = { format: "otel-forecast history", version: 99, sequence: 1 };
  return lineOf({ kind: "header", value: header }).toString();
}

function listen(at: string): Promise<Server> {
  return new Promise((done) => {
    const server = createServer();
    server.listen(at, () => done(server));
  });
}
