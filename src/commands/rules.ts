import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { GATEWAY_JOB } from "../artifacts/described-gateway.ts";
import { generateGatewayRules } from "../artifacts/rules/gateway-rules.ts";
import { type GeneratedRules, generateRules, RUNBOOKS_URL } from "../artifacts/rules/rules.ts";
import { visibleLine } from "../core/visible.ts";
import { addressOf, nameOf } from "./argument.ts";
import { configuredForecaster } from "./configured-forecaster.ts";
import { remarkOnTranslation } from "./translation-remark.ts";

interface Given {
  readonly config?: string;
  readonly gateway?: true;
  readonly job: string;
  readonly output?: string;
  readonly runbooks: string;
}

/** Adds the command `rules`. */
export function defineRules(program: Command): void {
  program
    .command("rules")
    .description("write Prometheus recording and alerting rules for the views and thresholds")
    .option("--config <file>", "configuration file of the forecaster (default: $OTEL_FORECAST_CONFIG_FILE)")
    .option("--gateway", "the rules of a gateway, even if its file has no key that only gateways have")
    .option("--job <name>", "the job of the gateway in the Prometheus that scrapes it", nameOf, GATEWAY_JOB)
    .option("--output <file>", "file for the rules (default: standard output)")
    .option("--runbooks <url>", "address of the folder with the runbooks", addressOf, RUNBOOKS_URL)
    .addHelpText("after", EXAMPLES)
    .action(async (given: Given) => {
      const { text, remarks } = await rulesOf(given);
      const { output } = given;
      for (const remark of remarks) console.error(visibleLine(`otel-forecast: left out: ${remark}`));
      if (output === undefined) process.stdout.write(text);
      else await writeFile(output, text);
    });
}

function rulesOf({ config, gateway, job, runbooks }: Given): Promise<GeneratedRules> {
  const { options, gateway: settings } = configuredForecaster(config, gateway === true);
  remarkOnTranslation(options);
  if (settings === undefined) return generateRules(options, runbooks);
  return generateGatewayRules({ options, settings, job }, runbooks);
}

const EXAMPLES = `
Set the same environment variables as in the process: they define horizons, intervals and the namespace.
The keys of a file show whether it is that of a process or of a gateway.

Example:
  otel-forecast rules --config forecast.yaml --output otel-forecast.rules.yml
  otel-forecast rules --config gateway.yaml --output otel-forecast-gateway.rules.yml`;
