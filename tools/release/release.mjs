import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { withRelease } from "./changelog.mjs";
import { KINDS, nextVersion, versionIn, writeVersion } from "./version.mjs";

const usage = `npm run release -- [--dry-run] [patch|minor|major]

Checks, packs, commits and tags a release. Without patch, minor or major it releases the version that package.json has.
  --dry-run  check and show what would be done; changes nothing`;
const CHANGED = ["CHANGELOG.md", "package.json", "package-lock.json"];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { "dry-run": { type: "boolean", default: false }, help: { type: "boolean", default: false } },
});
const [kind] = positionals;

if (values.help) console.log(usage);
else if (positionals.length > 1 || (kind !== undefined && !KINDS.includes(kind))) {
  console.error(usage);
  process.exitCode = 2;
} else {
  try {
    release(values["dry-run"]);
  } catch (error) {
    console.error(`release: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}

/** @param {boolean} isDry whether the steps are only shown */
function release(isDry) {
  const folder = process.cwd();
  const current = versionIn(folder);
  const version = kind === undefined ? current : nextVersion(current, kind);
  const tag = `v${version}`;
  say(`check that the tree is clean and ${tag} is free`);
  if (output("git", ["status", "--porcelain"]) !== "")
    throw new Error("the tree has changes: commit them first");
  if (output("git", ["tag", "--list", tag]) !== "") throw new Error(`the tag ${tag} exists`);
  const changelog = withRelease(readFileSync("CHANGELOG.md", "utf8"), version, today());
  say("npm run check");
  run("npm", ["run", "check"]);

  say(`CHANGELOG.md: move "Unreleased" to ${version}`);
  say(`package.json, package-lock.json: ${current} -> ${version}`);
  if (isDry) {
    say("npm pack --dry-run");
    run("npm", ["pack", "--dry-run"]);
  } else {
    write(folder, version, changelog);
  }
  say(`git commit, git tag ${tag}`);
  if (!isDry) {
    run("git", ["commit", "--quiet", "--message", `Release ${version}`, ...CHANGED]);
    run("git", ["tag", "--annotate", tag, "--message", tag]);
  }
  publish(isDry);
}

/** Packs with the new version. If that fails, the files are restored. */
function write(folder, version, changelog) {
  try {
    writeFileSync("CHANGELOG.md", changelog);
    writeVersion(folder, version);
    say("npm pack");
    run("npm", ["pack"]);
  } catch (error) {
    run("git", ["checkout", "--quiet", "--", ...CHANGED]);
    throw error;
  }
}

/** Publishes in a CI job only: npm signs the provenance with the identity of the job. */
function publish(isDry) {
  const command = ["publish", "--provenance", "--access", "public"];
  const hasIdentity =
    process.env.ACTIONS_ID_TOKEN_REQUEST_URL !== undefined || process.env.SIGSTORE_ID_TOKEN !== undefined;
  if (hasIdentity && !isDry) {
    say(`npm ${command.join(" ")}`);
    run("npm", command);
    say("next: git push --follow-tags");
  } else {
    say("next: git push --follow-tags");
    say(`then, in a CI job with an id-token: npm ${command.join(" ")}`);
  }
}

function today() {
  return new Date().toISOString().slice(0, 10);
}

function say(step) {
  console.log(`release: ${step}`);
}

function run(command, args) {
  const { status } = spawnSync(command, args, { stdio: "inherit" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed`);
}

function output(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed: ${stderr}`);
  return stdout.trim();
}
