import { BadInput } from "./backtest/input/grid-series.ts";
import { shownAddress } from "./backtest/input/prometheus.ts";
import { type InputRequest, readInput } from "./backtest/input/read-input.ts";
import { htmlReport } from "./backtest/report/html-report.ts";
import { jsonReport } from "./backtest/report/json-report.ts";
import { remarksOn } from "./backtest/report/remarks.ts";
import { textReport } from "./backtest/report/text-report.ts";
import { type RunSurroundings, runBacktest } from "./backtest/run-backtest.ts";
import type { BacktestOptions } from "./backtest/test-plan.ts";

/** What `otel-forecast backtest` is asked for. */
export interface BacktestRequest {
  readonly input: InputRequest;
  readonly backtest: BacktestOptions;
  readonly asJson: boolean;
  /** Where the HTML report goes; absent for none. */
  readonly htmlFile: string | undefined;
}

/** What the command needs of the process that it runs in. */
export interface BacktestSurroundings extends RunSurroundings {
  /** Called when the last forecast has been made, or one of them could not be. */
  finished(): void;
  write(text: string): void;
  writeFile(path: string, text: string): Promise<void>;
}

/**
 * `otel-forecast backtest`: reads series, forecasts what is known already by every method as a process would have done,
 * and says how good that was.
 *
 * @throws BadInput when the input cannot be read, or holds no series that can be tested.
 */
export async function backtestCommand(
  request: BacktestRequest,
  surroundings: BacktestSurroundings,
): Promise<void> {
  const series = await readInput(request.input);
  const report = await runBacktest(series, request.backtest, surroundings).finally(surroundings.finished);
  if (report.series.length === 0) throw new BadInput(remarksOn(report).join("\n"));
  if (request.htmlFile !== undefined) {
    await surroundings.writeFile(request.htmlFile, htmlReport(report, shownAddress(request.input.input)));
  }
  surroundings.write(`${request.asJson ? jsonReport(report) : textReport(report)}\n`);
}
