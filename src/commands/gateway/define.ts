import { clearInterval, setInterval } from "node:timers";
import type { Command } from "commander";
import { Environment, variablesOfProcess } from "../../config/environment.ts";
import { readConfigFile } from "../../config/read-config-file.ts";
import type { OptionSources } from "../../config/resolve-options.ts";
import { visibleLine } from "../../core/visible.ts";
import { exposedPorts } from "../../gateway/exposed-ports.ts";
import { Gateway } from "../../gateway/gateway.ts";
import { readConfigured } from "../../gateway/read-configured.ts";
import { log } from "../../logging/component-logger.ts";
import { logToStandardError } from "../../logging/stderr-diag.ts";
import { realSurroundings } from "../../measure/surroundings.ts";
import { BadInput } from "../bad-input.ts";
import { checkGatewayFile, findingsOf, needsLogin } from "./check-gateway.ts";
import { addTarget, printedPrometheus, remarksOnTargets } from "./print-prometheus.ts";

interface Given {
  readonly config?: string;
  readonly check?: true;
  readonly insecure?: true;
  readonly printPrometheus?: true | readonly string[];
}

/** Adds the command `gateway`. */
export function defineGateway(program: Command): void {
  program
    .command("gateway")
    .description("forecast the series of other processes: receive or pull them, publish the forecasts")
    .option("--config <file>", "configuration file of the gateway, YAML or JSON")
    .option("--check", "read the file as the gateway would, say what it found, and end")
    .option("--insecure", "open ports to other machines although no login protects them")
    .option(
      "--print-prometheus [targets...]",
      "print what a Prometheus needs to scrape and to read the gateway, and end; HOST:PORT of each member",
      addTarget,
    )
    .addHelpText("after", EXAMPLES)
    .action(async ({ config, check, insecure, printPrometheus: targets }: Given) => {
      if (check === true) await checkOnly(config);
      else if (targets !== undefined) await printOnly(config, targets === true ? [] : targets);
      else await run(config, insecure === true);
    });
}

async function checkOnly(path: string | undefined): Promise<void> {
  const { isRight, lines } = await checkGatewayFile(path, sourcesOfProcess());
  for (const line of lines) (isRight ? console.log : console.error)(visibleLine(line));
  if (!isRight) process.exitCode = 1;
}

async function printOnly(path: string | undefined, targets: readonly string[]): Promise<void> {
  try {
    const configured = readConfigured(path, sourcesOfProcess());
    process.stdout.write(await printedPrometheus(configured, targets));
    for (const remark of remarksOnTargets(configured, targets))
      console.error(visibleLine(`remark: ${remark}`));
  } catch (error) {
    for (const line of findingsOf(error)) console.error(visibleLine(line));
    process.exitCode = 1;
  }
}

async function run(path: string | undefined, isInsecure: boolean): Promise<void> {
  const environment = new Environment();
  logToStandardError(environment.logLevel);
  environment.reportWrong();
  const gateway = newGateway(path, isInsecure);
  if (!isInsecure) {
    const exposed = await exposedPorts(readConfigured(path, sourcesOfProcess()).settings);
    if (exposed.length > 0) throw new BadInput(...exposed.map(needsLogin));
  }
  process.on("SIGHUP", () => void gateway.reload().catch(() => {}));
  const ended = new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve());
  });
  await gateway.start();
  for (const [receiver, port] of gateway.ports) log.info(`the gateway receives ${receiver} on port ${port}`);
  const { endpoint } = gateway;
  if (!endpoint.hasFailedToListen) log.info(`the gateway shows its forecasts at ${endpoint.url}/metrics`);
  const alive = setInterval(() => {}, 2 ** 30);
  await ended;
  clearInterval(alive);
  await gateway.shutdown();
  // A request that is not answered, of an exporter or to a broker, would keep the process running.
  process.exit();
}

function newGateway(path: string | undefined, isInsecure: boolean): Gateway {
  try {
    return new Gateway({ path, sources: sourcesOfProcess(), surroundings: realSurroundings(), isInsecure });
  } catch (error) {
    throw new BadInput(...findingsOf(error));
  }
}

function sourcesOfProcess(): OptionSources {
  return {
    environment: variablesOfProcess(),
    readFile: readConfigFile,
    warn: (message) => log.warn(message),
  };
}

const EXAMPLES = `
Without a file it receives OTLP on 127.0.0.1:4317 (gRPC) and 127.0.0.1:4318 (HTTP), and shows forecasts on http://127.0.0.1:9464/metrics.
Variables OTEL_FORECAST_* set the rest, as in a process.

Example:
  otel-forecast gateway --config gateway.yaml --check
  otel-forecast gateway --config gateway.yaml
  otel-forecast gateway --config gateway.yaml --print-prometheus gateway-0:9464 gateway-1:9464`;
