import { basename } from "node:path";
import fc from "fast-check";
import { afterAll, expect } from "vitest";
import { attempted, seed, timeBox, writeAttempts } from "./attempts.ts";

/** Seconds of one property. */
const SECONDS = 5;
/** A file with a property for each public method, and one whose attempts are processes. */
const SECONDS_OF = { "hostile-calls": 0.3, "command-line": 20 };
/** A longer input is cut in the message of a failure. */
const SHOWN_LENGTH = 2000;

const { testPath = "", currentTestName = "" } = expect.getState();
const file = basename(testPath, ".test.ts");
const seconds = SECONDS_OF[file as keyof typeof SECONDS_OF] ?? SECONDS;

fc.configureGlobal({
  seed,
  interruptAfterTimeLimit: timeBox(seconds),
  reporter(details) {
    const isOwn = /[\\/]test[\\/]attack[\\/]/.test(testPath);
    const name = expect.getState().currentTestName ?? currentTestName;
    attempted(isOwn ? (name.split(" > ")[0] as string) : file, details.numRuns);
    if (!details.failed || details.counterexample === null) return;
    const message = fc.defaultReportMessage(details) ?? "";
    throw new Error(`seed ${seed}: ${message.slice(0, SHOWN_LENGTH)}`, { cause: details.errorInstance });
  },
});

afterAll(writeAttempts);
