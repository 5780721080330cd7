import { type Command, InvalidArgumentError } from "commander";
import { visible } from "../../core/visible.ts";
import type { ForecastList } from "../../status/answers.ts";
import { DEFAULT_URL, MAX_LISTED, ReadApi } from "../read-api.ts";
import { type ShownAlert, statusText } from "./status-text.ts";

interface Given {
  readonly match?: string;
  readonly search?: string;
  readonly limit: number;
  readonly json?: true;
}

/** Adds the command `status`. */
export function defineStatus(program: Command): void {
  program
    .command("status")
    .argument("[url]", "address of a process or a gateway", DEFAULT_URL)
    .description("show what a running process forecasts, the most urgent series first")
    .option("--match <selector>", "only series that this selector of PromQL selects")
    .option("--search <text>", "only series whose name or labels contain this text")
    .option("--limit <number>", "the most series to show", parseLimit, 20)
    .option("--json", "write the answers of the read API instead of a table")
    .addHelpText("after", EXAMPLES)
    .action(async (url: string, { match, search, limit, json }: Given) => {
      const query = new URLSearchParams({ limit: String(limit) });
      if (match !== undefined) query.set("match", match);
      if (search !== undefined) query.set("search", search);
      const api = new ReadApi(url);
      const list = await api.get<ForecastList>(`/api/forecasts?${query}`);
      const { alerts } = await api.get<{ readonly alerts: readonly ShownAlert[] }>("/api/alerts");
      const text = json === true ? JSON.stringify({ ...list, alerts }) : textOf(api, list, alerts);
      process.stdout.write(`${text}\n`);
    });
}

/** @throws Error if the answers of the process are not as expected. */
function textOf(api: ReadApi, list: ForecastList, alerts: readonly ShownAlert[]): string {
  try {
    return visible(statusText(list, alerts));
  } catch (error) {
    throw api.failure("its answer is not that of the read API", { cause: error });
  }
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LISTED) return limit;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${MAX_LISTED}.`);
}

const EXAMPLES = `
Example:
  otel-forecast status
  otel-forecast status http://localhost:9091 --match 'queue_size{job="api"}'`;
