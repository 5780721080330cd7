import { clearScreenDown, moveCursor } from "node:readline";
import { stripVTControlCharacters } from "node:util";
import Table from "cli-table3";
import { clock } from "./format.mjs";
import { advice, outlooks } from "./outlook.mjs";

const TABLE_EVERY_MILLIS = 1000;
const LINES_EVERY_MILLIS = 5000;
const MOST_ADVICE = 3;

/**
 * Shows the agents and what was done: a live table on a terminal, below a log of what was done;
 * otherwise lines at intervals.
 */
export class Display {
  #begun = performance.now();
  #timer;
  /** The number of rows on the terminal that are overwritten next. */
  #height = 0;

  constructor({ monitor, service, out = process.stdout }) {
    this.monitor = monitor;
    this.service = service;
    this.out = out;
  }

  start() {
    const every = this.out.isTTY ? TABLE_EVERY_MILLIS : LINES_EVERY_MILLIS;
    this.#timer = setInterval(() => this.#show(), every);
  }

  stop() {
    clearInterval(this.#timer);
  }

  /** Prints a line that stays: what was done, and when since the start. */
  log(text) {
    this.#clear();
    this.out.write(`${clock((performance.now() - this.#begun) / 1000)} ${text}\n`);
    if (this.out.isTTY) this.#show();
  }

  #show() {
    const agents = outlooks(this.monitor, this.service);
    this.#clear();
    const shown = this.out.isTTY ? this.#fitted(agents) : [...linesOf(agents), ...advice(this.monitor, 1)];
    this.out.write(shown.map((line) => `${line}\n`).join(""));
    if (this.out.isTTY) this.#height = this.#rowsOf(shown);
  }

  #clear() {
    if (this.#height === 0) return;
    moveCursor(this.out, 0, -this.#height);
    clearScreenDown(this.out);
    this.#height = 0;
  }

  /** The table and as many sentences as there is room for. If it is too narrow or low: the lines. */
  #fitted(agents) {
    const grid = gridOf(agents);
    const isWide = grid.every((line) => widthOf(line) <= this.#columns);
    const shown = [...(isWide ? grid : linesOf(agents)), ...advice(this.monitor, MOST_ADVICE)];
    while (shown.length > 1 && this.#rowsOf(shown) >= (this.out.rows || 24)) shown.pop();
    return shown;
  }

  #rowsOf(lines) {
    return lines.reduce((rows, line) => rows + Math.max(1, Math.ceil(widthOf(line) / this.#columns)), 0);
  }

  get #columns() {
    return this.out.columns || 80;
  }
}

function gridOf(agents) {
  const table = new Table({
    head: ["agent", "measure", "now", "forecast"],
    style: { compact: true, head: ["cyan"] },
  });
  for (const { agentName, tasks, rows } of agents) {
    const names = [agentName, tasks];
    const height = Math.max(rows.length, tasks === "" ? 1 : 2);
    for (let row = 0; row < height; row += 1) table.push([names[row] ?? "", ...(rows[row] ?? ["", "", ""])]);
  }
  return table.toString().split("\n");
}

function widthOf(line) {
  return stripVTControlCharacters(line).length;
}

function linesOf(agents) {
  return agents.map(({ agentName, tasks, rows }) => {
    const measures = rows.map(([name, now, forecast]) => `${name} ${now} (${forecast})`);
    return `${agentName}: ${[tasks, ...measures].filter((part) => part !== "").join(", ")}`;
  });
}
