import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const help = `npm run test:attack -- [--minutes N] [--seed N] [options of vitest]

Attacks the package: random inputs of every parser, hostile calls, kills, clocks, disks and clients. Prints
the seed and the number of attempts of each kind. The variables ATTACK_MINUTES and ATTACK_SEED do the same.
  --minutes N  how long, without building the package (default 3)
  --seed N     determines the inputs (default: another one each time)`;

const args = process.argv.slice(2);
const minutes = numberOf("minutes", 3);
const seed = Math.trunc(numberOf("seed", Date.now() % 2 ** 31));

if (args.includes("--help")) {
  console.log(help);
} else if (!(minutes > 0) || !Number.isFinite(seed)) {
  console.error(help);
  process.exitCode = 2;
} else {
  process.exitCode = await attack();
}

/** Takes the number of an option, or of its variable, out of the arguments. */
function numberOf(name, fallback) {
  const variable = process.env[`ATTACK_${name.toUpperCase()}`];
  const at = args.indexOf(`--${name}`);
  if (at === -1) return Number(variable || fallback);
  const [, value] = args.splice(at, 2);
  return Number(value ?? Number.NaN);
}

async function attack() {
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-attempts-"));
  const countsFile = join(folder, "counts");
  console.log(`ATTACK_SEED=${seed} ATTACK_MINUTES=${minutes}`);
  const variables = {
    ATTACK_SEED: String(seed),
    ATTACK_MINUTES: String(minutes),
    ATTACK_COUNTS_FILE: countsFile,
  };
  const vitest = spawn(
    process.execPath,
    ["node_modules/vitest/vitest.mjs", "run", "--config", "vitest.attack.config.ts", ...args],
    { stdio: "inherit", env: { ...process.env, ...variables } },
  );
  const status = await new Promise((resolve) => vitest.once("close", (code) => resolve(code ?? 1)));
  console.log(summaryOf(existsSync(countsFile) ? readFileSync(countsFile, "utf8") : ""));
  rmSync(folder, { recursive: true, force: true });
  return status;
}

function summaryOf(text) {
  const counts = text
    .split("\n")
    .filter((line) => line !== "")
    .flatMap((line) => JSON.parse(line));
  const all = counts.reduce((sum, [, count]) => sum + count, 0);
  const kinds = counts.map(([kind, count]) => `${count} ${kind}`).join(", ");
  return `${all} attempts with seed ${seed}: ${kinds}`;
}
