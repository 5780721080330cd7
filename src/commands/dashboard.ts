import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { generateDashboards } from "../artifacts/dashboards/dashboards.ts";
import { optionsOfProcess } from "./options-of-process.ts";
import { visibleLine } from "./visible.ts";

interface Given {
  readonly config?: string;
  readonly output: string;
}

/** Adds the command `dashboard`. */
export function defineDashboard(program: Command): void {
  program
    .command("dashboard")
    .description("write Grafana dashboards for the views and thresholds")
    .option("--config <file>", "configuration file of the forecaster (default: $OTEL_FORECAST_CONFIG_FILE)")
    .option("--output <folder>", "folder for the dashboards, created if missing", ".")
    .addHelpText("after", EXAMPLES)
    .action(async ({ config, output }: Given) => {
      const files = await generateDashboards(optionsOfProcess(config));
      await mkdir(output, { recursive: true });
      for (const { name, text } of files) {
        await writeFile(join(output, name), text);
        process.stdout.write(`${visibleLine(join(output, name))}\n`);
      }
    });
}

const EXAMPLES = `
Needs @grafana/grafana-foundation-sdk, which is not installed with this package.

Example:
  npm install --save-dev @grafana/grafana-foundation-sdk
  otel-forecast dashboard --output grafana/dashboards`;
