import { once } from "node:events";
import type { Command } from "commander";
import { decodedParts } from "../../core/decoded-text.ts";
import { visible } from "../../core/visible.ts";
import { isMethodName, methodNames } from "../../forecast/fit-options.ts";
import { WRONG_USE } from "../endings.ts";
import { forecastCommand, MAX_LINE_LENGTH } from "../forecast.ts";
import { standardInput } from "../input-stream.ts";
import { boundedLines } from "./bounded-lines.ts";

/** Adds the command `forecast`. */
export function defineForecast(program: Command): void {
  program
    .command("forecast")
    .description(
      "read series as JSON lines on standard input and write a forecast for each to standard output",
    )
    .option("--method <name>", `one of ${methodNames.join(", ")}`, "auto")
    .addHelpText("after", EXAMPLES)
    .action(async ({ method }: { readonly method: string }, command: Command) => {
      if (!isMethodName(method)) {
        command.error(`error: --method must be one of ${methodNames.join(", ")}, got "${method}"`, {
          exitCode: WRONG_USE,
        });
      }
      const lines = boundedLines(decodedParts(standardInput()), MAX_LINE_LENGTH);
      await forecastCommand(lines, writeLine, { method, now: () => performance.now() });
    });
}

/** Writes a line, and waits when its reader is slower. */
async function writeLine(line: string): Promise<void> {
  if (!process.stdout.write(`${visible(line)}\n`)) await once(process.stdout, "drain");
}

const EXAMPLES = `
Example:
  echo '{"id":"a","step_seconds":60,"values":[1,2,3,4,5,6],"horizon":3}' | otel-forecast forecast`;
