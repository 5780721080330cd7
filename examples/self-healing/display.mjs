import { clearScreenDown, moveCursor } from "node:readline";
import { stripVTControlCharacters } from "node:util";
import Table from "cli-table3";
import { advice, columns, outlooks } from "./outlook.mjs";

const TABLE_EVERY_MILLIS = 1000;
const NOW_AND_THEN = "now → in 1 minute:";
const LINES_EVERY_MILLIS = 5000;

/**
 * Shows the agents: as a live table on a terminal, else as lines at intervals. Returns a function
 * that ends it.
 */
export function startDisplay(monitor, out = process.stdout) {
  const show = out.isTTY ? liveTable(monitor, out) : () => out.write(`${lines(monitor).join("\n")}\n`);
  const timer = setInterval(show, out.isTTY ? TABLE_EVERY_MILLIS : LINES_EVERY_MILLIS);
  return () => clearInterval(timer);
}

/** Overwrites the last table. A terminal that is too narrow for the table shows the lines. */
function liveTable(monitor, out) {
  let height = 0;
  return () => {
    const grid = table(monitor).split("\n");
    const fits = grid.every((line) => widthOf(line) <= out.columns);
    const shown = [NOW_AND_THEN, ...(fits ? grid : lines(monitor)), ...advice(monitor, 3)];
    moveCursor(out, 0, -height);
    clearScreenDown(out);
    out.write(`${shown.join("\n")}\n`);
    height = shown.reduce((rows, line) => rows + Math.max(1, Math.ceil(widthOf(line) / out.columns)), 0);
  };
}

function table(monitor) {
  const grid = new Table({
    head: ["agent", ...columns.map(({ head }) => head), "done", "failed"],
    style: { compact: true, head: ["cyan"] },
  });
  for (const { agentName, performance, cells } of outlooks(monitor)) {
    grid.push([agentName, ...cells, performance.completedTasks, performance.failedTasks]);
  }
  return grid.toString();
}

function widthOf(line) {
  return stripVTControlCharacters(line).length;
}

function lines(monitor) {
  return outlooks(monitor).map(({ agentName, performance, cells }) => {
    const said = columns.flatMap(({ head }, index) =>
      cells[index] === "" ? [] : [`${head} ${cells[index]}`],
    );
    return [
      `${agentName}: ${performance.completedTasks} done, ${performance.failedTasks} failed`,
      ...said,
    ].join(", ");
  });
}
