import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, onTestFinished } from "vitest";
import { removeAbandonedSockets } from "../../src/processes/abandoned-sockets.ts";

let parent: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "abandoned-"));
});
afterEach(() => {
  rmSync(parent, { recursive: true, force: true });
});

function folderOf(name: string): string {
  const folder = join(parent, name);
  mkdirSync(folder);
  return folder;
}

/** A socket whose process was killed. */
function abandoned(name: string, ageSeconds = 120): string {
  const folder = folderOf(name);
  const path = join(folder, "socket");
  const code = `require("net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, "SIGKILL"))`;
  spawnSync(process.execPath, ["--eval", code]);
  grownOld(path, ageSeconds);
  return folder;
}

function grownOld(path: string, seconds = 120): void {
  const at = Date.now() / 1000 - seconds;
  utimesSync(path, at, at);
}

const remove = () => removeAbandonedSockets(parent, (name) => name.startsWith("ours-"), "socket");

it.skipIf(process.platform === "win32")("removes what killed processes left, and nothing else", async () => {
  abandoned("ours-1");
  abandoned("ours-2");
  abandoned("ours-young", 0);
  abandoned("theirs");
  writeFileSync(join(abandoned("ours-with-more"), "more"), "");
  folderOf("ours-empty");
  const file = join(folderOf("ours-file"), "socket");
  writeFileSync(file, "");
  grownOld(file);
  const path = join(folderOf("ours-alive"), "socket");
  const server = createServer().listen(path);
  onTestFinished(() => void server.close());
  await new Promise((listening) => server.once("listening", listening));
  grownOld(path);
  await remove();
  const left = ["ours-alive", "ours-empty", "ours-file", "ours-with-more", "ours-young", "theirs"];
  expect(readdirSync(parent).sort()).toEqual(left);
  expect(existsSync(path) && existsSync(file)).toBe(true);
});

it("does nothing in a folder that cannot be read", async () => {
  rmSync(parent, { recursive: true });
  await expect(remove()).resolves.toBeUndefined();
});
