// Prints which frameworks have a newer version than the one that is tested. It never fails: without a
// network it prints which packages it could not ask for.
//
//   node tools/frameworks/newer.mjs
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { lineOf } from "./line.mjs";
import { newestIn } from "./newest.mjs";
import { testedVersions } from "./tested.mjs";

/** A registry that does not answer within this time is not waited for. */
const PATIENCE_MILLIS = 20_000;
const run = promisify(execFile);

async function newestOf(name) {
  try {
    const how = { timeout: PATIENCE_MILLIS, shell: process.platform === "win32" };
    const { stdout } = await run("npm", ["view", name, "version", "--json", "--fetch-retries=0"], how);
    return newestIn(stdout);
  } catch {
    return undefined;
  }
}

const tested = testedVersions();
const newest = await Promise.all(tested.map(([name]) => newestOf(name)));
console.log(lineOf(tested.map(([name, version], index) => ({ name, version, newest: newest[index] }))));
