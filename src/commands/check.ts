import type { Command } from "commander";
import type { ResolvedAlerting } from "../alerts/resolved.ts";
import { ConfigurationError, readConfiguration } from "../config/configuration.ts";
import { variablesOfProcess } from "../config/environment.ts";
import { readConfigFile } from "../config/read-config-file.ts";
import { type OptionSources, resolveOptions } from "../config/resolve-options.ts";
import { visibleLine } from "../core/visible.ts";
import { LOG_PREFIX } from "../logging/component-logger.ts";
import { nameOf } from "./argument.ts";
import { type CheckResult, checkWebFile, isWebFile } from "./check-web.ts";
import { counted } from "./counted.ts";
import { checkGatewayFile } from "./gateway/check-gateway.ts";
import { isGatewayFile } from "./is-gateway-file.ts";
import { readOnce } from "./read-once.ts";

interface Given {
  readonly function?: readonly string[];
  readonly web?: true;
}

/** Adds the command `check`. */
export function defineCheck(program: Command): void {
  program
    .command("check")
    .argument(
      "<file>",
      "configuration file of a process or a gateway, or web configuration file, YAML or JSON",
    )
    .description(
      "check a configuration file or a web configuration file: exit 0 with a summary and remarks on names, or exit 1 with each error, its line and its key",
    )
    .option("--function <name>", "a function that the application registers; may be repeated", collect)
    .option("--web", "read the file as a web configuration, even if it has no key of one")
    .addHelpText("after", EXAMPLES)
    .action(async (path: string, given: Given) => {
      const { isRight, lines } = await checkOf(path, given.web === true, {
        environment: variablesOfProcess(),
        readFile: readOnce(readConfigFile),
        warn: (message) => console.error(visibleLine(`${LOG_PREFIX}${message}`)),
        ...(given.function === undefined ? {} : { functions: given.function }),
      });
      for (const line of lines) (isRight ? console.log : console.error)(visibleLine(line));
      if (!isRight) process.exitCode = 1;
    });
}

/** Reads a file as what its keys show: a web configuration, or the file of a gateway or of a process. */
export async function checkOf(path: string, isWeb: boolean, sources: OptionSources): Promise<CheckResult> {
  const { readFile } = sources;
  if (isWeb || isWebFile(path, readFile)) return checkWebFile(path, { readFile });
  return isGatewayFile(path, readFile) ? await checkGatewayFile(path, sources) : checkFile(path, sources);
}

/** Reads a configuration file as a process in this environment would. */
export function checkFile(path: string, sources: OptionSources): CheckResult {
  const remarks: string[] = [];
  const remark = (line: string): void => void remarks.push(`remark: ${line}`);
  try {
    const { alerting } = resolveOptions({ configFile: path }, { ...sources, remark });
    const { views, thresholds } = readConfiguration(path, sources.readFile(path));
    return {
      isRight: true,
      lines: [...summaryOf(path, views.length, thresholds.size, alerting), ...remarks],
    };
  } catch (error) {
    const { cause, message } = error as Error;
    const lines = cause instanceof ConfigurationError ? cause.findings : [messageOfError(cause) ?? message];
    return { isRight: false, lines: [...lines, ...remarks] };
  }
}

function summaryOf(
  path: string,
  views: number,
  thresholds: number,
  { alerts, actions, maintenance }: ResolvedAlerting,
): string[] {
  const parts = [
    counted(views, "view"),
    counted(thresholds, "threshold"),
    counted(alerts.length, "alert"),
    counted(actions.length, "action"),
    counted(maintenance.length, "maintenance range"),
  ];
  const does = actions.map(
    ({ name, acts, effect, target }) =>
      `  ${name}: ${acts ? "acts" : "observes"}, ${target.kind}${target.kind === "function" ? ` ${target.name}, which the application has to register` : ""}, may ${effect}`,
  );
  return [`${path}: ${parts.join(", ")}`, ...does];
}

function messageOfError(error: unknown): string | undefined {
  return error instanceof Error ? error.message : undefined;
}

function collect(name: string, before: readonly string[] = []): readonly string[] {
  return [...before, nameOf(name)];
}

const EXAMPLES = `
Example:
  otel-forecast check forecast.yaml --function restartWorker
  otel-forecast check gateway.yaml
  otel-forecast check web.yml`;
