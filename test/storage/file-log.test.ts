import { DiagLogLevel, diag } from "@opentelemetry/api";
import { afterEach, beforeEach, expect, it } from "vitest";
import { FileLog } from "../../src/storage/file-log.ts";

const lines: string[] = [];
const logger = (level: string) => (text: string) => void lines.push(`${level} ${text}`);

beforeEach(() => {
  lines.length = 0;
  diag.setLogger(
    {
      error: logger("error"),
      warn: logger("warn"),
      info: logger("info"),
      debug: logger("debug"),
      verbose: logger("verbose"),
    },
    { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true },
  );
  lines.length = 0;
});
afterEach(() => diag.disable());

/** What was logged since the last time, without the name of the component. */
const said = (): string[] => lines.splice(0).map((line) => line.replace(/ .*?(?=the history)/, " "));

it("a problem that goes on is logged once, and again when it comes back or has another reason", () => {
  const log = new FileLog("the history file /var/history", "history");
  const fails = (name: string): void =>
    log.cannotBe("written", new Error(`ENOSPC: no space, open '/var/history.${name}.tmp'`));
  fails("0123456789ab");
  fails("ba9876543210");
  log.cannotBe("read", new Error("EIO"));
  log.works("read");
  fails("0123456789ab");
  log.works("written");
  fails("0123456789ab");
  log.diskHangs();
  log.diskHangs();
  const full = "warn the history file /var/history can't be written: ENOSPC: no space, open '/var/history'";
  expect(said()).toEqual([
    full,
    "warn the history file /var/history can't be read: EIO",
    full,
    "warn the history file /var/history can't be written: the disk takes too long to answer; the save before counts",
  ]);
});

it("one problem of several files is logged once", () => {
  const log = new FileLog("the state folder /var/state", "state");
  for (const name of ["slot-01", "slot-02", "slot-01"])
    log.cannotBe(
      "written",
      new Error(`EROFS: read-only file system, open '/var/state/${name}.0123456789ab.tmp'`),
    );
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain("open '/var/state/slot-01'");
});

it("one problem of several files is logged once, even if they are written one by one", () => {
  const log = new FileLog("the history file /var/history", "history");
  const fails = (file: string): void =>
    log.cannotBe("written", new Error(`EROFS: read-only file system, open '${file}'`), file);
  for (const file of ["/var/history", "/var/history.today", "/var/history"]) fails(file);
  expect(said()).toEqual([expect.stringContaining("open '/var/history'")]);
  log.works("written", "/var/history");
  fails("/var/history.today");
  expect(said()).toEqual([expect.stringContaining("open '/var/history.today'")]);
});

it("a problem of one file goes on while another one is written", () => {
  const log = new FileLog("the history file /var/history", "history");
  for (let save = 0; save < 3; save += 1) {
    log.cannotBe("written", new Error("EFBIG: file too large, write"), "/var/history");
    log.works("written", "/var/history.today");
  }
  const tooLarge = "warn the history file /var/history can't be written: EFBIG: file too large, write";
  expect(said()).toEqual([tooLarge]);
  log.works("written", "/var/history");
  log.cannotBe("written", new Error("EFBIG: file too large, write"), "/var/history");
  expect(said()).toEqual([tooLarge]);
});

it("another process that has the file is logged until it can be read, and a missing lock is no problem", () => {
  const log = new FileLog("the history file /var/history", "history");
  log.isInUse();
  log.isInUse();
  log.works("written");
  log.isInUse();
  log.works("read");
  log.isInUse();
  log.isNotLocked();
  const inUse =
    "warn the history file /var/history is in use by another process: this process keeps its history in memory until that one ends";
  expect(said()).toEqual([
    inUse,
    inUse,
    "info the history file /var/history can't be locked here: of two processes that use it, the last one wins",
  ]);
});
