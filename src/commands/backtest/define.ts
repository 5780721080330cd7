import { writeFile } from "node:fs/promises";
import { setImmediate as turn } from "node:timers/promises";
import { type Command, Option } from "commander";
import type { Bounds } from "../../core/bounds.ts";
import { decodedText } from "../../core/decoded-text.ts";
import { DAY_SECONDS } from "../../core/durations.ts";
import { visible } from "../../core/visible.ts";
import { methodNames } from "../../forecast/fit-options.ts";
import type { LocalClock } from "../../series/local-clock.ts";
import { type BacktestRequest, type BacktestSurroundings, backtestCommand } from "../backtest.ts";
import { WRONG_USE } from "../endings.ts";
import { fileStream, standardInput } from "../input-stream.ts";
import type { RangeQuery } from "./input/prometheus/range-query.ts";
import { readBounded } from "./input/read-bounded.ts";
import type { DecimalMark } from "./input/table/read-numbers.ts";
import {
  addMethod,
  addText,
  parseBounds,
  parseDecimalMark,
  parseHorizons,
  parseSeason,
  parseTimeZone,
  wholeNumber,
} from "./option-values.ts";
import { Progress } from "./progress.ts";
import type { HorizonOption } from "./test-plan.ts";

interface Given {
  readonly horizons: HorizonOption[];
  readonly origins: number;
  readonly window?: number;
  readonly method?: string[];
  readonly bounds?: Bounds;
  readonly season?: HorizonOption;
  readonly timeZone?: LocalClock;
  readonly column?: string[];
  readonly id?: string[];
  readonly decimal?: DecimalMark;
  readonly query?: string;
  readonly start?: string;
  readonly end?: string;
  readonly step?: string;
  readonly timeout: number;
  readonly json?: boolean;
  readonly html?: string;
}

const HORIZONS = "12,60,288";

/** Adds the command `backtest`. */
export function defineBacktest(program: Command): void {
  program
    .command("backtest")
    .description("test every method on the past of series, and print a table of errors relative to naive")
    .argument("<input>", "a CSV or JSON lines file, - for standard input, or the address of a Prometheus")
    .addOption(
      new Option("--horizons <list>", "steps or durations ahead, for example 12,60,1d")
        .argParser(parseHorizons)
        .default(parseHorizons(HORIZONS), HORIZONS),
    )
    .option("--origins <n>", "number of points in time to forecast from", wholeNumber(1, 10_000), 10)
    .option(
      "--window <n>",
      "points of the past that a model sees (default: as in a process)",
      wholeNumber(12, 1_000_000),
    )
    .option("--method <name>", "test this method only; may be repeated (default: all)", addMethod)
    .option("--bounds <lower,upper>", "values that the metric can take, for example 0,100 or 0,", parseBounds)
    .option("--season <length>", "season to try, in steps or as a duration (default: a day)", parseSeason)
    .option(
      "--time-zone <name>",
      "time zone of times that name none, and of the clock that a daily or weekly season follows (default: UTC)",
      parseTimeZone,
    )
    .option("--column <name>", "a column of values in a CSV file; may be repeated (default: all)", addText)
    .option(
      "--id <name>",
      "a column or JSON field that distinguishes the series of a long table; may be repeated",
      addText,
    )
    .option(
      "--decimal <mark>",
      "decimal mark of a CSV file, . or , (default: as its numbers show)",
      parseDecimalMark,
    )
    .option("--query <promql>", "PromQL query for the Prometheus at <input>")
    .option("--start <time>", "start of the query, RFC 3339 or Unix seconds (default: a day ago)")
    .option("--end <time>", "end of the query (default: now)")
    .option("--step <duration>", "step of the query (default: 60s)")
    .option("--timeout <seconds>", "maximum time to wait for Prometheus", wholeNumber(1, 3600), 30)
    .option("--json", "write JSON instead of tables")
    .option("--html <file>", "also write a report with pictures, as one HTML file")
    .addHelpText("after", EXAMPLES)
    .action(async (input: string, given: Given, command: Command) => {
      const wrongUse = whatIsWrong(input, given);
      if (wrongUse !== undefined) command.error(`error: ${wrongUse}`, { exitCode: WRONG_USE });
      await backtestCommand(requestOf(input, given, Date.now() / 1000), surroundingsOfProcess());
    });
}

/** Options that do not fit together, as an error text; `undefined` when they do. */
function whatIsWrong(input: string, { query, start, end, step }: Given): string | undefined {
  if (query === undefined)
    return (start ?? end ?? step) === undefined ? undefined : "--start, --end and --step belong to --query";
  if (/^https?:\/\//i.test(input)) return undefined;
  return `--query needs the address of a Prometheus as <input>, got "${input}"`;
}

function surroundingsOfProcess(): BacktestSurroundings {
  const progress = new Progress(process.stderr, () => performance.now());
  return {
    now: () => performance.now(),
    advanced: (done, total) => progress.advanced(done, total),
    finished: () => progress.finished(),
    pause: () => turn(),
    write: (text) => process.stdout.write(visible(text)),
    writeFile: (path, text) => writeFile(path, visible(text)),
  };
}

const EXAMPLES = `
Examples:
  otel-forecast backtest cpu.csv --horizons 1h,1d --html report.html
  otel-forecast backtest http://localhost:9090 --query 'rate(http_requests_total[5m])' --step 60s`;

function requestOf(input: string, given: Given, nowSeconds: number): BacktestRequest {
  return {
    input: {
      input,
      columns: given.column ?? [],
      ids: given.id ?? [],
      clock: given.timeZone,
      decimal: given.decimal,
      rangeQuery: rangeQueryOf(given, nowSeconds),
      timeoutMillis: given.timeout * 1000,
      readText: async (path) =>
        decodedText(await readBounded(path === "-" ? standardInput() : fileStream(path))),
    },
    backtest: {
      horizons: given.horizons,
      origins: given.origins,
      methods: given.method ?? methodNames,
      bounds: given.bounds ?? {},
      ...(given.window === undefined ? {} : { window: given.window }),
      ...(given.season === undefined ? {} : { season: given.season }),
      ...(given.timeZone === undefined ? {} : { clock: given.timeZone }),
    },
    asJson: given.json ?? false,
    htmlFile: given.html,
  };
}

function rangeQueryOf({ query, start, end, step }: Given, nowSeconds: number): RangeQuery | undefined {
  if (query === undefined) return undefined;
  return {
    query,
    start: start ?? String(nowSeconds - DAY_SECONDS),
    end: end ?? String(nowSeconds),
    step: step ?? "60s",
  };
}
