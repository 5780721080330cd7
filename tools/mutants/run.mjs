import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { copyOf, filesOf } from "./copy.mjs";
import { equivalentMutants, keyOf } from "./equivalent.mjs";
import { isCode, mutationsOf } from "./operators.mjs";
import { relatedTests } from "./related-tests.mjs";
import { diffOf, placeOf, shortfallsOf, tableOf } from "./report.mjs";
import { sampleOf } from "./sample.mjs";
import { cleanRuns, trialOf } from "./trial.mjs";
import { endAllRuns, testFiles } from "./vitest.mjs";

/** npm runs scripts in the root of the package. */
const root = process.cwd();
const help = `npm run test:mutants -- [--seed N] [--count N] [--folder NAME]... [--jobs N] [--limit SECONDS]

Changes the source in small ways, in copies in a temporary folder, and runs the related tests. Prints how
many changes a test noticed, and those that none did. Exits with 1 below 95 %, or 85 % in one room.
  --seed N         determines the sample (default 1)
  --count N        number of mutants (default 200)
  --folder NAME    only files in src/NAME, such as observe/langchain; may be given more than once
  --jobs N         mutants that are tried at the same time (default 1)
  --limit SECONDS  most time for the tests of one mutant (default 120)`;

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "200" },
    folder: { type: "string", multiple: true, default: [""] },
    jobs: { type: "string", default: "1" },
    limit: { type: "string", default: "120" },
    help: { type: "boolean", default: false },
  },
});

function wholeNumber(name, least) {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= least) return value;
  console.error(`--${name} is ${values[name]}, expected an integer of at least ${least}\n\n${help}`);
  process.exit(2);
}

/** `forecast` of `src/forecast/methods/arima.ts`, `(no room)` of `src/cli.ts`. */
function roomOf(file) {
  const [, room, rest] = file.split("/");
  return rest === undefined ? "(no room)" : room;
}

function mutantsOf(file) {
  const text = readFileSync(join(root, file), "utf8");
  return mutationsOf(file, text).map((it) => ({ ...it, file, text, room: roomOf(file) }));
}

function isWanted(file) {
  const folders = values.folder.map((name) => (name === "" ? "src/" : `src/${name}/`));
  return file.endsWith(".ts") && folders.some((folder) => file.startsWith(folder));
}

/** The equivalent mutants that no longer exist in files that are mutated. */
function staleOf(equivalent, files, mutants) {
  const keys = new Set(mutants.map(({ key }) => key));
  return [...equivalent]
    .filter((key) => files.includes(key.slice(0, key.indexOf(":"))) && !keys.has(key))
    .map((key) => `equivalent.json names a mutant that does not exist: ${key}`);
}

/** What became of a mutant. A survivor is shown at once: a run takes long. */
function lineOf(trial) {
  if (trial.verdict === "survived") return `survived: ${diffOf(trial)}`;
  const by = trial.by === undefined ? "" : ` by ${trial.by}`;
  return `${placeOf(trial)} (${trial.operator}): ${trial.verdict}${by}`;
}

/** Tries all mutants, a few at the same time, each in its own copy of the project. */
async function tried(sample, files, jobs, limitMillis) {
  const tests = relatedTests(root, files, testFiles(root));
  const passesClean = cleanRuns(copyOf(root, files), limitMillis);
  const waiting = [...sample.entries()];
  const trials = [];
  const worker = async () => {
    const copy = copyOf(root, files);
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, mutant] = next;
      const result = await trialOf(copy, mutant, tests(mutant.file), limitMillis, passesClean);
      trials.push({ ...mutant, ...result });
      console.log(`${index + 1}/${sample.length} ${lineOf({ ...mutant, ...result })}`);
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  return trials;
}

async function main() {
  const [seed, count] = [wholeNumber("seed", 0), wholeNumber("count", 1)];
  const [jobs, limit] = [wholeNumber("jobs", 1), wholeNumber("limit", 1)];
  const files = filesOf(root);
  const equivalent = equivalentMutants(root);
  const wanted = files.filter(isWanted);
  const mutants = wanted.flatMap(mutantsOf).map((it) => ({ ...it, key: keyOf(it) }));
  const stale = staleOf(equivalent, wanted, mutants);
  const sample = sampleOf(
    mutants.filter(({ key }) => !equivalent.has(key)),
    count,
    seed,
    isCode,
  );
  console.log(`${sample.length} of ${mutants.length} mutants, seed ${seed}`);
  const trials = await tried(sample, files, jobs, 1000 * limit);
  const survivors = trials.filter(({ verdict }) => verdict === "survived");
  console.log(`\n${tableOf(trials, "room")}\n\n${tableOf(trials, "operator")}`);
  if (survivors.length > 0) console.log(`\nNo test notices:\n\n${survivors.map(diffOf).join("\n\n")}`);
  const shortfalls = [...shortfallsOf(trials), ...stale];
  if (shortfalls.length > 0) console.error(`\n${shortfalls.join("\n")}`);
  if (shortfalls.length > 0 || trials.length === 0) process.exitCode = 1;
}

process.once("exit", endAllRuns);
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
if (values.help) console.log(help);
else await main();
