import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mutatedText } from "./operators.mjs";
import { runTests } from "./vitest.mjs";

/** @typedef {{verdict: "noticed" | "endless" | "survived", by?: string | undefined, notRun: number}} Result */

/**
 * Most mutants are noticed by the nearest tests, so that few files have to be loaded. The nearest one is run
 * alone: it would wait for its neighbours, of which one may be slow.
 */
const NEAREST = [1, 4, 16];
/** Of more tests that do not end within the limit, none is taken for an endless loop. */
const MOST_ENDLESS = 4;

function chunksOf(tests) {
  const bounds = [0, ...NEAREST, tests.length];
  return bounds
    .slice(1)
    .map((end, i) => tests.slice(bounds[i], end))
    .filter((it) => it.length > 0);
}

/** Whether tests pass on an unchanged copy within the limit; each list of files is run once. */
export function cleanRuns(root, limitMillis) {
  const known = new Map();
  let last = Promise.resolve();
  return (files) => {
    const key = files.join("\n");
    if (!known.has(key)) {
      const result = last.then(() => runTests(root, files, limitMillis));
      last = result.then(() => undefined);
      known.set(
        key,
        result.then(({ outcome }) => outcome === "passed"),
      );
    }
    return known.get(key);
  };
}

/**
 * Runs tests of a mutant until one fails. A test that fails without the mutant too has noticed nothing: it
 * is left out.
 * @returns {Promise<Result>}
 */
async function resultOf(copy, tests, limitMillis, passesClean) {
  const until = performance.now() + limitMillis;
  let files = tests;
  while (files.length > 0) {
    const { outcome, by, file } = await runTests(copy, files, Math.max(1, until - performance.now()));
    if (outcome === "passed") break;
    // Slow tests, or too many of them, are no endless loop.
    if (outcome === "endless") {
      const isEndless = tests.length <= MOST_ENDLESS && (await passesClean(files));
      return { verdict: isEndless ? "endless" : "survived", notRun: tests.length };
    }
    if (file === undefined || (await passesClean([file]))) return { verdict: "noticed", by, notRun: 0 };
    files = files.filter((it) => it !== file);
  }
  return { verdict: "survived", notRun: tests.length - files.length };
}

/**
 * Runs the related tests of a mutant, the nearest first, until one fails or the time is over.
 * @returns {Promise<Result>}
 */
async function verdictOf(copy, tests, limitMillis, passesClean) {
  const until = performance.now() + limitMillis;
  let notRun = 0;
  for (const chunk of chunksOf(tests)) {
    const result = await resultOf(copy, chunk, until - performance.now(), passesClean);
    if (result.verdict !== "survived") return result;
    notRun += result.notRun;
  }
  return { verdict: "survived", notRun };
}

/** Puts a mutant into a copy of the project, runs its tests and takes it out again. */
export async function trialOf(copy, mutant, tests, limitMillis, passesClean) {
  const file = join(copy, mutant.file);
  const text = readFileSync(file, "utf8");
  writeFileSync(file, mutatedText(text, mutant));
  try {
    return await verdictOf(copy, tests, limitMillis, passesClean);
  } finally {
    writeFileSync(file, text);
  }
}
