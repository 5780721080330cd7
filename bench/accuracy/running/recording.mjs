import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { parseExposition } from "../../../test/e2e/harness/exposition.ts";
import { freePort } from "../../../test/e2e/harness/free-ports.ts";

/**
 * A recording is lines of JSON: {"at": seconds since the first scrape, "names": [new series], "values": [[series, value]]}.
 * Series are numbered in the order in which `names` has them. Buckets of histograms are left out.
 */
const examples = resolve(import.meta.dirname, "../../../examples");

/**
 * Runs an example of the project and records what it publishes every `everySeconds`. With `zeroCode`, otel-forecast
 * is not imported by the example but by Node.
 */
export async function record({ example, minutes, everySeconds, zeroCode, file }) {
  const { child, url, output } = await start(resolve(examples, example), zeroCode);
  const out = createWriteStream(file);
  const known = new Map();
  const beganAt = performance.now();
  try {
    for (let number = 0; performance.now() - beganAt < minutes * 60_000; number++) {
      const at = Number(((performance.now() - beganAt) / 1000).toFixed(3));
      out.write(`${JSON.stringify({ at, ...lineOf(await textOf(url), known) })}\n`);
      await pause(Math.max(0, (number + 1) * everySeconds * 1000 - (performance.now() - beganAt)));
      if (child.exitCode !== null) throw new Error(`the example ended early:\n${output()}`);
    }
  } finally {
    out.end();
    await once(out, "finish");
    await stop(child);
  }
}

async function start(script, zeroCode) {
  const port = await freePort();
  const env = { ...process.env, OTEL_EXPORTER_PROMETHEUS_PORT: String(port), PORT: String(await freePort()) };
  const args = zeroCode ? ["--import", "otel-forecast/register", script] : [script];
  const child = spawn(process.execPath, args, { cwd: examples, env, stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (printed += chunk));
  const url = `http://localhost:${port}/metrics`;
  const limit = performance.now() + 60_000;
  while (performance.now() < limit && child.exitCode === null) {
    const text = await textOf(url).catch(() => undefined);
    if (text !== undefined) return { child, url, output: () => printed };
    await pause(50);
  }
  await stop(child);
  throw new Error(`${script} serves no metrics:\n${printed}`);
}

async function textOf(url) {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  return response.text();
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  const ended = once(child, "exit");
  const patience = setTimeout(() => child.kill("SIGKILL"), 20_000);
  await ended;
  clearTimeout(patience);
}

/** What one scrape adds to a recording. */
function lineOf(text, known) {
  const names = [];
  const values = [];
  for (const { name, labels, value } of parseExposition(text)) {
    if (name.endsWith("_bucket")) continue;
    const id = JSON.stringify([name, labels]);
    if (!known.has(id)) {
      known.set(id, known.size);
      names.push([name, labels]);
    }
    values.push([known.get(id), value]);
  }
  return { names, values };
}

/** The scrapes of a recording: `at` in seconds, and `samples`. */
export function read(file) {
  const bytes = readFileSync(file);
  const text = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
  const known = [];
  return text
    .trim()
    .split("\n")
    .map((line) => {
      const { at, names, values } = JSON.parse(line);
      known.push(...names);
      return {
        at,
        samples: values.map(([number, value]) => ({
          name: known[number][0],
          labels: known[number][1],
          value,
        })),
      };
    });
}
