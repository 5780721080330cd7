import { type Command, InvalidArgumentError } from "commander";
import { messageOf } from "../../core/text-of.ts";
import type { ForecastList } from "../../status/status-reader.ts";
import { visible } from "../visible.ts";
import { type ShownAlert, statusText } from "./status-text.ts";

interface Given {
  readonly match?: string;
  readonly search?: string;
  readonly limit: number;
  readonly json?: true;
}

const DEFAULT_URL = "http://localhost:9464";
const TIMEOUT_MILLIS = 10_000;
const MAX_LIMIT = 1000;

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
      const list = await read<ForecastList>(url, `/api/forecasts?${query}`);
      const { alerts } = await read<{ readonly alerts: readonly ShownAlert[] }>(url, "/api/alerts");
      const text = json === true ? JSON.stringify({ ...list, alerts }) : visible(statusText(list, alerts));
      process.stdout.write(`${text}\n`);
    });
}

async function read<Body>(base: string, path: string): Promise<Body> {
  const response = await ask(base, path);
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok && typeof body === "object" && body !== null) return body as Body;
  const { error } = (body ?? {}) as { readonly error?: unknown };
  const reason = typeof error === "string" ? error : `it answered ${response.status}`;
  throw new Error(`${base} can't be asked for its forecasts: ${reason}`);
}

async function ask(base: string, path: string): Promise<Response> {
  // `localhost:9464` is a URL too, of the protocol `localhost`.
  const address = /^https?:\/\//i.test(base) ? base : `http://${base}`;
  if (!URL.canParse(address)) throw new Error(`${base} must be a URL such as ${DEFAULT_URL}`);
  const { username, password, origin } = new URL(address);
  const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  try {
    return await fetch(new URL(path, origin), {
      headers: username === "" ? {} : { authorization: `Basic ${login.toString("base64")}` },
      signal: AbortSignal.timeout(TIMEOUT_MILLIS),
    });
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw new Error(`nothing answers at ${origin}: ${messageOf(cause)}`, { cause: error });
  }
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${MAX_LIMIT}.`);
}

const EXAMPLES = `
Example:
  otel-forecast status
  otel-forecast status http://localhost:9091 --match 'queue_size{job="api"}'`;
