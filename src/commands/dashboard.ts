import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import {
  type DashboardFile,
  generateDashboards,
  generateGatewayDashboards,
} from "../artifacts/dashboards/dashboards.ts";
import { GATEWAY_JOB } from "../artifacts/described-gateway.ts";
import { visibleLine } from "../core/visible.ts";
import { createFolder } from "../storage/safe-files.ts";
import { configuredForecaster } from "./configured-forecaster.ts";
import { remarkOnTranslation } from "./translation-remark.ts";

interface Given {
  readonly config?: string;
  readonly gateway?: true;
  readonly output: string;
}

/** Adds the command `dashboard`. */
export function defineDashboard(program: Command): void {
  program
    .command("dashboard")
    .description("write Grafana dashboards for the views and thresholds")
    .option("--config <file>", "configuration file of the forecaster (default: $OTEL_FORECAST_CONFIG_FILE)")
    .option("--gateway", "the dashboards of a gateway, even if its file has no key that only gateways have")
    .option("--output <folder>", "folder for the dashboards, created if missing", ".")
    .addHelpText("after", EXAMPLES)
    .action(async ({ config, gateway, output }: Given) => {
      const files = await filesOf(config, gateway === true);
      // Node's own `recursive` never ends below /proc.
      await createFolder(output);
      for (const { name, text } of files) {
        await writeFile(join(output, name), text);
        process.stdout.write(`${visibleLine(join(output, name))}\n`);
      }
    });
}

function filesOf(config: string | undefined, isGateway: boolean): Promise<DashboardFile[]> {
  const { options, gateway: settings } = configuredForecaster(config, isGateway);
  remarkOnTranslation(options);
  if (settings === undefined) return generateDashboards(options);
  return generateGatewayDashboards({ options, settings, job: GATEWAY_JOB });
}

const EXAMPLES = `
The keys of a file show whether it is that of a process or of a gateway.
Needs @grafana/grafana-foundation-sdk, which is not installed with this package.

Example:
  npm install --save-dev @grafana/grafana-foundation-sdk
  otel-forecast dashboard --output grafana/dashboards`;
