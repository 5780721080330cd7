import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const script = resolve(import.meta.dirname, "../../tools/release/release.mjs");
const today = new Date().toISOString().slice(0, 10);
const changelog =
  "# Changes\n\n## Unreleased\n\n### Added\n\n- A horn.\n\n## 1.2.3 - 2026-01-01\n\n- A wheel.\n";
const identity = {
  GIT_AUTHOR_NAME: "a",
  GIT_AUTHOR_EMAIL: "a@example.com",
  GIT_COMMITTER_NAME: "a",
  GIT_COMMITTER_EMAIL: "a@example.com",
};
let folder: string;

/** Of a package with known content, without a CI job around it. */
function run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: _, SIGSTORE_ID_TOKEN: __, ...outside } = process.env;
  return spawnSync(command, args, {
    cwd: folder,
    encoding: "utf8",
    env: { ...outside, ...identity, ...env },
  });
}

const git = (...args: string[]) => run("git", args).stdout.trim();
const release = (args: readonly string[], env?: Readonly<Record<string, string>>) =>
  run(process.execPath, [script, ...args], env);
const read = (name: string): string => readFileSync(join(folder, name), "utf8");
const write = (name: string, content: unknown): void =>
  writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));

function commit(scripts: Readonly<Record<string, string>>, text = changelog): void {
  write("package.json", { name: "sample", version: "1.2.3", scripts });
  write("package-lock.json", {
    name: "sample",
    version: "1.2.3",
    lockfileVersion: 3,
    packages: { "": { name: "sample", version: "1.2.3" } },
  });
  write("CHANGELOG.md", text);
  write(".gitignore", "*.tgz\nbin\n");
  git("add", "--all");
  git("commit", "--quiet", "--message", "Begin");
}

function state() {
  const files = ["package.json", "package-lock.json", "CHANGELOG.md"].map(read);
  return [...files, git("log", "--oneline"), git("tag"), git("status", "--porcelain")];
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-forecast-release-"));
  git("init", "--quiet");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a release", () => {
  it.for([
    ["patch", "1.2.4"],
    ["minor", "1.3.0"],
    ["major", "2.0.0"],
  ] as const)("of a %s moves what is unreleased to %s, packs, commits and tags", ([kind, version]) => {
    commit({ check: "true" });
    const { status, stdout, stderr } = release([kind]);
    expect(stderr).toContain("CHANGELOG.md");
    expect(status).toBe(0);
    expect(read("CHANGELOG.md")).toBe(
      changelog.replace("## Unreleased\n", `## Unreleased\n\n## ${version} - ${today}\n`),
    );
    expect(JSON.parse(read("package.json")).version).toBe(version);
    const lock = JSON.parse(read("package-lock.json"));
    expect([lock.version, lock.packages[""].version]).toEqual([version, version]);
    expect(existsSync(join(folder, `sample-${version}.tgz`))).toBe(true);
    expect(git("log", "--format=%s")).toBe(`Release ${version}\nBegin`);
    expect(git("tag", "--points-at", "HEAD")).toBe(`v${version}`);
    expect(git("status", "--porcelain")).toBe("");
    expect(stdout).toContain("then, in a CI job with an id-token: npm publish --provenance");
  });

  it("without a kind is of the version that package.json has, once", () => {
    commit({ check: "true" }, changelog.replace("1.2.3", "1.2.2"));
    expect(release([]).status).toBe(0);
    expect(git("tag")).toBe("v1.2.3");
    const before = state();
    expect(release([])).toMatchObject({ status: 1, stderr: "release: the tag v1.2.3 exists\n" });
    expect(state()).toEqual(before);
  });

  it("shows each step and changes nothing when it is dry", () => {
    commit({ check: "true" });
    const before = state();
    const { status, stdout } = release(["--dry-run", "minor"], { SIGSTORE_ID_TOKEN: "of a job" });
    expect(status).toBe(0);
    expect(stdout.split("\n").filter((line) => line.startsWith("release: "))).toEqual([
      "release: check that the tree is clean and v1.3.0 is free",
      "release: npm run check",
      'release: CHANGELOG.md: move "Unreleased" to 1.3.0',
      "release: package.json, package-lock.json: 1.2.3 -> 1.3.0",
      "release: npm pack --dry-run",
      "release: git commit, git tag v1.3.0",
      "release: next: git push --follow-tags",
      "release: then, in a CI job with an id-token: npm publish --provenance --access public",
    ]);
    expect(state()).toEqual(before);
  });

  it("is published with its provenance in a CI job that has an identity", () => {
    commit({ check: "true" });
    mkdirSync(join(folder, "bin"));
    write("bin/npm", `#!/bin/sh\necho "npm was given $*"\n`);
    chmodSync(join(folder, "bin/npm"), 0o755);
    const env = { PATH: `${join(folder, "bin")}:${process.env.PATH}`, ACTIONS_ID_TOKEN_REQUEST_URL: "x" };
    const { status, stdout } = release(["patch"], env);
    expect(status).toBe(0);
    expect(stdout).toContain("npm was given publish --provenance --access public\n");
  });
});

describe("no release comes of", () => {
  it("a tree with changes", () => {
    commit({ check: "true" });
    write("new.txt", "new");
    expect(release(["patch"])).toMatchObject({
      status: 1,
      stderr: "release: the tree has changes: commit them first\n",
    });
    expect(git("tag")).toBe("");
  });

  it.for([
    ["a check that fails", { check: "false" }, changelog, "npm run check failed"],
    ["a package that cannot be packed", { check: "true", prepack: "false" }, changelog, "npm pack failed"],
    ["a log without an entry", { check: "true" }, changelog.replace("- A horn.\n", ""), "has no entry under"],
    ["a log without the heading", { check: "true" }, "# Changes\n", "has no heading"],
    [
      "a version that the log has",
      { check: "true" },
      changelog.replace("1.2.3", "1.2.4"),
      "section of 1.2.4",
    ],
  ] as const)("%s", ([, scripts, text, message]) => {
    commit(scripts, text);
    const before = state();
    const { status, stderr } = release(["patch"]);
    expect(stderr).toContain(message);
    expect(status).toBe(1);
    expect(state()).toEqual(before);
  });

  it("a kind that is none", () => {
    expect(release(["tiny"])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("patch|minor|major"),
    });
  });
});
