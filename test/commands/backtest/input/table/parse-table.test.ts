import { expect, it } from "vitest";
import { parseTable } from "../../../../../src/commands/backtest/input/table/parse-table.ts";

/** A comma can be a decimal mark, and a semicolon be in a text: the rarest separator goes first. */
it.each([
  ["tabs before semicolons", "time\ta;b\n1\t2;3\n", ["time", "a;b"]],
  ["semicolons before commas", "time;a,b\n1;2,3\n", ["time", "a,b"]],
  ["tabs before commas", "time\ta,b\n1\t2,3\n", ["time", "a,b"]],
  ["the one that a line names", "sep=,\ntime;a,b\n1;2,3\n", ["time;a", "b"]],
])("a table is separated by %s", (_, text, names) => {
  expect(parseTable("a.csv", text).names).toEqual(names);
});
