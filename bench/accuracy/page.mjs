import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

const help = `node bench/accuracy/page.mjs NAME [options of the measurement]

Runs bench/accuracy/NAME.mjs and puts what it prints into docs/accuracy.md, between <!-- NAME --> and <!-- end of NAME -->.`;

const [name, ...args] = process.argv.slice(2);
const page = resolve(import.meta.dirname, "../../docs/accuracy.md");

if (name === undefined || name === "--help") console.log(help);
else fill();

function fill() {
  const script = resolve(import.meta.dirname, `${name}.mjs`);
  const { stdout, status } = spawnSync(process.execPath, [script, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) throw new Error(`${name}.mjs ended with status ${status}`);
  const text = readFileSync(page, "utf8");
  const begin = `<!-- ${name} -->\n`;
  const from = text.indexOf(begin);
  const to = text.indexOf(`<!-- end of ${name} -->`);
  if (from === -1 || to === -1) throw new Error(`${page} has no part ${name}`);
  writeFileSync(page, `${text.slice(0, from)}${begin}\n${stdout.trim()}\n\n${text.slice(to)}`);
}
