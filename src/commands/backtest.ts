import { shownAddress } from "../promql/address.ts";
import { type InputRequest, readInput } from "./backtest/input/read-input.ts";
import { htmlReport } from "./backtest/report/html-report.ts";
import { jsonReport } from "./backtest/report/json-report.ts";
import { remarksOn } from "./backtest/report/remarks.ts";
import { textReport } from "./backtest/report/text-report.ts";
import { type RunSurroundings, runBacktest } from "./backtest/run-backtest.ts";
import type { BacktestOptions } from "./backtest/test-plan.ts";
import { BadInput } from "./bad-input.ts";

/** The options of `otel-forecast backtest`. */
export interface BacktestRequest {
  readonly input: InputRequest;
  readonly backtest: BacktestOptions;
  readonly asJson: boolean;
  /** Path of the HTML report; absent for none. */
  readonly htmlFile: string | undefined;
}

/** What the command needs from its process. */
export interface BacktestSurroundings extends RunSurroundings {
  /** Runs after the last forecast, or after an error. */
  finished(): void;
  write(text: string): void;
  writeFile(path: string, text: string): Promise<void>;
}

/**
 * `otel-forecast backtest`: reads series, forecasts their known values with every method as a
 * process would have done, and reports the scores.
 *
 * @throws BadInput when the input cannot be read, or has no series that can be tested.
 */
export async function backtestCommand(
  request: BacktestRequest,
  surroundings: BacktestSurroundings,
): Promise<void> {
  const input = await readInput(request.input);
  const report = await runBacktest(input, request.backtest, surroundings).finally(surroundings.finished);
  if (report.series.length === 0) throw new BadInput(...remarksOn(report));
  if (request.htmlFile !== undefined) {
    await surroundings.writeFile(request.htmlFile, htmlReport(report, shownAddress(request.input.input)));
  }
  surroundings.write(`${request.asJson ? jsonReport(report) : textReport(report)}\n`);
}
