import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";

const PROJECT = ["--project", "source"];
const running = new Set();

/** Ends the run and what it started. */
function end(child) {
  try {
    // The group: tests start programs of their own. Windows has no groups.
    if (process.platform === "win32") child.kill("SIGKILL");
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}

export function endAllRuns() {
  for (const child of running) end(child);
}

/** The test files that mutants are tried with, relative to the root: those that need no built package. */
export function testFiles(root) {
  const args = ["node_modules/vitest/vitest.mjs", "list", ...PROJECT, "--filesOnly", "--json"];
  const list = execFileSync(process.execPath, args, { cwd: root, encoding: "utf8", maxBuffer: 2 ** 26 });
  return JSON.parse(list).map(({ file }) => relative(root, file).replaceAll("\\", "/"));
}

/** The first test that failed, or else the first file that could not be loaded: others ended with it. */
function failureIn(reportFile) {
  const { testResults } = JSON.parse(readFileSync(reportFile, "utf8"));
  const failures = testResults
    .filter(({ status }) => status === "failed")
    .map(({ name, message, assertionResults }) => ({
      file: name,
      test: assertionResults.find((it) => it.status === "failed")?.fullName,
      message,
    }));
  return failures.find(({ test }) => test !== undefined) ?? failures.find(({ message }) => message !== "");
}

/**
 * How a run ended: by which test it failed, and the file of that test if there is one.
 * @typedef {{outcome: "passed" | "failed" | "endless", by?: string, file?: string}} Run
 */

/**
 * Runs test files until one fails.
 * @param {string} root
 * @param {string[]} files
 * @param {number} limitMillis
 * @returns {Promise<Run>}
 */
export async function runTests(root, files, limitMillis) {
  const report = join(root, "vitest-report.json");
  rmSync(report, { force: true });
  const child = spawn(
    process.execPath,
    [
      "node_modules/vitest/vitest.mjs",
      "run",
      ...[...PROJECT, "--bail", "1", "--no-file-parallelism", "--no-cache"],
      ...["--fsModuleCachePath", join(root, ".cache/vitest")],
      ...["--reporter", "json", "--outputFile", report],
      ...files,
    ],
    { cwd: root, stdio: "ignore", detached: process.platform !== "win32" },
  );
  running.add(child);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    end(child);
  }, limitMillis);
  const [code] = await once(child, "close");
  clearTimeout(timer);
  // What its tests left behind.
  end(child);
  running.delete(child);
  if (isLate) return { outcome: "endless" };
  if (code === 0) return { outcome: "passed" };
  return failed(report, root);
}

/**
 * A run that ends before its report, such as one out of memory, failed in no test of its own.
 * @returns {Run}
 */
function failed(report, root) {
  let failure;
  try {
    failure = failureIn(report);
  } catch {
    return { outcome: "failed", by: "the run broke off" };
  }
  if (failure === undefined) return { outcome: "failed", by: "the run failed outside its tests" };
  const file = failure.file.slice(root.length + 1).replaceAll("\\", "/");
  return { outcome: "failed", by: `${file}: ${failure.test ?? "could not be loaded"}`, file };
}
