// Prints the failures in a report of vitest's JSON reporter, a few lines each, so that they are
// still in a log that is cut at its start. Prints nothing when nothing failed.
import { readFileSync } from "node:fs";
import { relative } from "node:path";

const LINES_OF_A_MESSAGE = 12;
const UNFINISHED = "The process of this file ended before its tests did, for example for lack of memory.";

function shortened(message) {
  const lines = message.split("\n");
  const kept = lines.slice(0, LINES_OF_A_MESSAGE);
  return kept.length < lines.length ? [...kept, "..."] : kept;
}

function failuresOf(suite) {
  const file = relative(process.cwd(), suite.name);
  const failed = suite.assertionResults.filter((it) => it.status === "failed");
  if (failed.length === 0 && suite.status === "failed")
    return [{ title: file, message: suite.message || UNFINISHED }];
  return failed.map((it) => ({
    title: `${file} > ${it.fullName}`,
    message: it.failureMessages.join("\n"),
  }));
}

let report;
try {
  report = JSON.parse(readFileSync(process.argv[2], "utf8"));
} catch {
  // There is no report: figures.mjs says so.
  process.exit(0);
}
for (const { title, message } of report.testResults.flatMap(failuresOf)) {
  console.log([`FAILED ${title}`, ...shortened(message).map((line) => `  ${line}`)].join("\n"));
}
