// Prints `N passed, N failed` of a report of vitest's JSON reporter. Exits with 1 when a test
// failed or none ran. With `none` as the second argument it also exits with 1 when a test was
// skipped.
import { readFileSync } from "node:fs";

const [, , file, allowedSkips] = process.argv;
let report;
try {
  report = JSON.parse(readFileSync(file, "utf8"));
} catch {
  console.log("0 passed, 0 failed: the run ended before it counted its tests");
  process.exit(1);
}
// A file that cannot be loaded fails, but it has no failed tests.
const brokenFiles = report.testResults.filter(
  (it) => it.status === "failed" && it.assertionResults.length === 0,
);
const failed = report.numFailedTests + brokenFiles.length;
const skipped = report.numPendingTests + report.numTodoTests;
console.log(`${report.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exit(failed > 0 || report.numPassedTests === 0 || (allowedSkips === "none" && skipped > 0) ? 1 : 0);
