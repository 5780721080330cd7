import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { generateRules, RUNBOOKS_URL } from "../artifacts/rules/rules.ts";
import { optionsOfProcess } from "./options-of-process.ts";

interface Given {
  readonly config?: string;
  readonly output?: string;
  readonly runbooks: string;
}

/** Adds `rules` to a program. */
export function defineRules(program: Command): void {
  program
    .command("rules")
    .description("write Prometheus recording and alerting rules made from views and thresholds")
    .option("--config <file>", "configuration file of the forecaster (default: $OTEL_FORECAST_CONFIG_FILE)")
    .option("--output <file>", "where to write them (default: standard output)")
    .option("--runbooks <url>", "where the runbooks can be read", RUNBOOKS_URL)
    .addHelpText("after", EXAMPLES)
    .action(async ({ config, output, runbooks }: Given) => {
      const { text, remarks } = await generateRules(optionsOfProcess(config), runbooks);
      for (const remark of remarks) console.error(`otel-forecast: left out: ${remark}`);
      if (output === undefined) process.stdout.write(text);
      else await writeFile(output, text);
    });
}

const EXAMPLES = `
Horizons, intervals and the namespace are those of the environment variables that the forecaster has.

Example:
  otel-forecast rules --config forecast.yaml --output otel-forecast.rules.yml`;
