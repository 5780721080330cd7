import { dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { Child } from "../../e2e/harness/child.ts";
import { type ShownSample, scrape, shownValue } from "../../e2e/harness/exposition.ts";
import { freePorts } from "../../e2e/harness/free-ports.ts";
import { waitFor } from "../../e2e/harness/wait-for.ts";
import { ONE_ANSWER_MILLIS } from "../../harness/patience.ts";

/** A shell for one app, with its ports and variables. */
export interface Shell {
  readonly folder: string;
  readonly shopUrl: string;
  readonly metricsUrl: string;
  readonly env: Readonly<Record<string, string>>;
}

/** @param root the folder in which the commands are installed. */
export async function openShell(root: string, folder = root): Promise<Shell> {
  const [port, shopPort] = (await freePorts(2)) as [number, number];
  const env = {
    PATH: [join(root, "node_modules/.bin"), dirname(process.execPath), process.env.PATH].join(":"),
    OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
    OTEL_FORECAST_COLLECTION_INTERVAL: "300",
    SHOP_PORT: String(shopPort),
    TS_NODE_TRANSPILE_ONLY: "1",
    TURBO_TELEMETRY_DISABLED: "1",
    FORCE_COLOR: "0",
  };
  const [shopUrl, metricsUrl] = [`http://127.0.0.1:${shopPort}`, `http://127.0.0.1:${port}/metrics`];
  return { folder, shopUrl, metricsUrl, env };
}

/** The variable that preloads the plugin in every Node process. */
export const WITH_US = { NODE_OPTIONS: "--import otel-forecast/register" };

export function type(shell: Shell, typed: string, env: Readonly<Record<string, string>> = {}): Child {
  const { folder: cwd } = shell;
  return new Child(typed, "sh", ["-c", typed], { cwd, env: { ...shell.env, ...env }, leads: true });
}

/** Runs a command to its end. Returns its output. */
export async function typeToEnd(
  shell: Shell,
  typed: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const child = type(shell, typed, env);
  try {
    const { code } = await child.ends();
    if (code !== 0) throw new Error(`${typed} ended with ${code}:\n${child.output}`);
    return child.output;
  } finally {
    await child.stop();
  }
}

/** Sends one order to the app. Returns the process that took it. */
export async function order({ shopUrl }: Shell): Promise<string> {
  const response = await fetch(`${shopUrl}/order`, { signal: AbortSignal.timeout(ONE_ANSWER_MILLIS) });
  return response.text();
}

/** Sends orders until a number of processes have taken one. Returns the number of orders. */
export async function orderOfEach(shell: Shell, processes: number): Promise<number> {
  const takers = new Set<string>();
  let orders = 0;
  const take = async (): Promise<number | undefined> => {
    takers.add(await order(shell));
    orders += 1;
    return takers.size === processes ? orders : undefined;
  };
  return waitFor(`orders that ${processes} processes take`, take, { everyMillis: 50 });
}

export async function endApp({ shopUrl }: Shell): Promise<void> {
  await fetch(`${shopUrl}/end`, { signal: AbortSignal.timeout(ONE_ANSWER_MILLIS) });
}

/** The text of the endpoint, once it shows all orders and an agent's task for each. */
export async function shownOrders({ metricsUrl }: Shell, count: number): Promise<ShownSample[] | undefined> {
  const samples = await scrape(metricsUrl);
  const tasks = samples
    .filter(({ name, labels }) => name === "ai_cloud_completed_tasks_total" && isPlanner(labels.agent))
    .reduce((sum, { value }) => sum + value, 0);
  return shownValue(samples, "shop_orders_total") === count && tasks === count ? samples : undefined;
}

/**
 * Lines of the plugin, without the prefix of the launcher, and without the line of a machine that is too
 * busy for the interval of these tests.
 */
export function ourLines(output: string): string[] {
  return output
    .split("\n")
    .filter((line) => !line.includes("skipped (tick_overrun)"))
    .flatMap((line) => line.match(/\[\w+\] otel-forecast: .*/)?.[0].trimEnd() ?? []);
}

/** The log lines of the plugin in an app with a number of processes. */
export function saidBy(processes: number, { metricsUrl }: Shell): string[] {
  const url = `http://localhost:${new URL(metricsUrl).port}/metrics`;
  const others = Array(processes - 1).fill(`[info] otel-forecast: shown by another worker, at ${url}`);
  return [`[info] otel-forecast: metrics and forecasts at ${url}`, ...others];
}

/**
 * All other lines, without what differs between runs: times, processes, hashes, widths of columns.
 */
export function otherLines(output: string): string[] {
  return stripVTControlCharacters(output)
    .split("\n")
    .filter((line) => !line.includes("otel-forecast: "))
    .map((line) =>
      line
        .replace(/\b[0-9a-f]{16}\b/g, "#")
        .replace(/<?\d+(\.\d+)?(ms|s|[kmg]?b)?/g, "N")
        .replace(/[\s─]+/g, " "),
    );
}

/** If another process has an agent of the same name, it is shown with a number. */
function isPlanner(agent = ""): boolean {
  return /^planner(#\d+)?$/.test(agent);
}
