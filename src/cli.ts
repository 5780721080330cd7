#!/usr/bin/env node

import { createRequire } from "node:module";
import { Command, CommanderError } from "commander";
import { defineBacktest } from "./commands/backtest/define.ts";
import { BadInput } from "./commands/bad-input.ts";
import { defineCheck } from "./commands/check.ts";
import { defineDashboard } from "./commands/dashboard.ts";
import { endClearly, FAILED, WRONG_USE, WrongUse } from "./commands/endings.ts";
import { defineForecast } from "./commands/forecast/define.ts";
import { defineGateway } from "./commands/gateway/define.ts";
import { defineMcp } from "./commands/mcp/define.ts";
import { defineRules } from "./commands/rules.ts";
import { defineStatus } from "./commands/status/define.ts";
import { messageOf } from "./core/text-of.ts";
import { visible, visibleLine } from "./core/visible.ts";

// The same path from `src` and from `dist`.
const { version } = createRequire(import.meta.url)("../package.json") as { readonly version: string };

endClearly();

const program = new Command("otel-forecast")
  .description("Forecasts of operational series")
  .version(version)
  .configureOutput({
    writeOut: (text) => process.stdout.write(visible(text)),
    writeErr: (text) => process.stderr.write(visible(text)),
  })
  .exitOverride()
  .showHelpAfterError();

defineForecast(program);
defineBacktest(program);
defineRules(program);
defineDashboard(program);
defineCheck(program);
defineGateway(program);
defineStatus(program);
defineMcp(program);

program.parseAsync().catch((error: unknown) => {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : WRONG_USE;
  else {
    const lines = error instanceof BadInput ? error.lines : [messageOf(error)];
    console.error(`otel-forecast: ${lines.map(visibleLine).join("\n")}`);
    process.exitCode = error instanceof WrongUse ? WRONG_USE : FAILED;
  }
});
