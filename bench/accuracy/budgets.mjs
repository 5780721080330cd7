import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { measureBudgets } from "./lead-time/budgets.mjs";

const help = `npm run bench:budgets -- [options]

How early an alert on a daily budget fires, before 80 % of the budget and before all of it is used, and how often alerts
fire on budgets that are kept. The totals go through the whole pipeline on a simulated clock: once as the first day of
an agent, once after two earlier days.
  --runs COUNT     overspent and kept budgets of each kind of use; after earlier days half of them (default: 20)
  --seed NUMBER    another seed (default: 1)
  --method NAME    the forecasting method (default: auto)
  --bound NAME     the bound of the forecast that must pass the limit, as in the alert rule (default: its default)`;

const { values: options } = parseArgs({
  options: {
    runs: { type: "string", default: "20" },
    seed: { type: "string", default: "1" },
    method: { type: "string", default: "auto" },
    bound: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

if (options.help) console.log(help);
else await measure();

async function measure() {
  console.log(`${new Date().toISOString().slice(0, 10)}, node ${process.version}, ${cpus()[0].model}.`);
  const bound = options.bound === undefined ? {} : { bound: options.bound };
  await measureBudgets({
    runs: Number(options.runs),
    seed: Number(options.seed),
    bound,
    method: options.method,
  });
}
