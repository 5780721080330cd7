#!/usr/bin/env node

import { createInterface } from "node:readline";
import { Command, CommanderError } from "commander";
import { defineBacktest } from "./commands/backtest/define.ts";
import { defineCheck } from "./commands/check.ts";
import { defineDashboard } from "./commands/dashboard.ts";
import { forecastCommand } from "./commands/forecast.ts";
import { defineRules } from "./commands/rules.ts";
import { messageOf } from "./core/text-of.ts";
import { isMethodName, methodNames } from "./forecast/fit-options.ts";

const FAILED = 1;
const WRONG_USE = 2;

const program = new Command("otel-forecast")
  .description("Forecasts of operational series")
  .exitOverride()
  .showHelpAfterError();

program
  .command("forecast")
  .description("read series as JSON lines on standard input and write a forecast for each to standard output")
  .option("--method <name>", `one of ${methodNames.join(", ")}`, "auto")
  .addHelpText(
    "after",
    '\nExample:\n  echo \'{"id":"a","step_seconds":60,"values":[1,2,3,4,5,6],"horizon":3}\' | otel-forecast forecast',
  )
  .action(async ({ method }: { method: string }) => {
    if (!isMethodName(method)) {
      program.error(`error: --method must be one of ${methodNames.join(", ")}, got "${method}"`, {
        exitCode: WRONG_USE,
      });
    }
    const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
    const write = (line: string): boolean => process.stdout.write(`${line}\n`);
    await forecastCommand(lines, write, { method, now: () => performance.now() });
  });

defineBacktest(program);
defineRules(program);
defineDashboard(program);
defineCheck(program);

program.parseAsync().catch((error: unknown) => {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : WRONG_USE;
  else {
    console.error(`otel-forecast: ${messageOf(error)}`);
    process.exitCode = FAILED;
  }
});
