import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { generateRules, RUNBOOKS_URL } from "../artifacts/rules/rules.ts";
import { optionsOfProcess } from "./options-of-process.ts";
import { visibleLine } from "./visible.ts";

interface Given {
  readonly config?: string;
  readonly output?: string;
  readonly runbooks: string;
}

/** Adds the command `rules`. */
export function defineRules(program: Command): void {
  program
    .command("rules")
    .description("write Prometheus recording and alerting rules for the views and thresholds")
    .option("--config <file>", "configuration file of the forecaster (default: $OTEL_FORECAST_CONFIG_FILE)")
    .option("--output <file>", "file for the rules (default: standard output)")
    .option("--runbooks <url>", "address of the folder with the runbooks", RUNBOOKS_URL)
    .addHelpText("after", EXAMPLES)
    .action(async ({ config, output, runbooks }: Given) => {
      const { text, remarks } = await generateRules(optionsOfProcess(config), runbooks);
      for (const remark of remarks) console.error(visibleLine(`otel-forecast: left out: ${remark}`));
      if (output === undefined) process.stdout.write(text);
      else await writeFile(output, text);
    });
}

const EXAMPLES = `
Set the same environment variables as in the process: they define horizons, intervals and the namespace.

Example:
  otel-forecast rules --config forecast.yaml --output otel-forecast.rules.yml`;
