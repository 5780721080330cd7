/*
 * A small HTTP service with faults: it leaks memory until it runs out, and sometimes it does not start,
 * crashes, or stops answering. The seed of each life decides what happens in it.
 */
import { appendFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { randomFrom } from "./random.mjs";

const [seed, folder] = [Number(process.argv[2]), process.argv[3]];
const random = randomFrom(seed);
const MEGABYTE = 1024 ** 2;
const LIMIT_BYTES = 160 * MEGABYTE;
const OUT_OF_MEMORY = 137;
const BEAT_MILLIS = 200;

const failsToStart = random() < 0.15;
const livesForMillis = 5000 + 100_000 * random();
const leakPerBeat = Math.round((1.5 + random()) * MEGABYTE * (BEAT_MILLIS / 1000));
const endsByHanging = random() < 0.35;
const startsAfterMillis = 200 + 1300 * random();

const kept = [];
let beats = 0;
let isHanging = false;

/** The work of the service: it keeps memory, writes to its log and leaves files. */
function work() {
  kept.push(Buffer.alloc(leakPerBeat, 1));
  if (process.memoryUsage.rss() > LIMIT_BYTES) process.exit(OUT_OF_MEMORY);
  beats += 1;
  const line = `${new Date().toISOString()} served ${beats}, kept ${kept.length} buffers\n`;
  appendFile(join(folder, "access.log"), line).catch(() => {});
  if (beats % 3 === 0) writeFile(join(folder, `cache-${seed}-${beats}.tmp`), line.repeat(50)).catch(() => {});
}

function answer(_request, response) {
  if (isHanging) return;
  const { user, system } = process.cpuUsage();
  const state = { rssBytes: process.memoryUsage.rss(), limitBytes: LIMIT_BYTES, cpuMicros: user + system };
  response.setHeader("content-type", "application/json").end(JSON.stringify(state));
}

function end() {
  if (endsByHanging) isHanging = true;
  else process.exit(1);
}

// The service ends with its supervisor. It ignores Ctrl-C, which the supervisor handles.
process.on("disconnect", () => process.exit(0));
process.on("SIGINT", () => {});

function listen() {
  const server = createServer(answer).listen(0, "127.0.0.1", () => {
    const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
    process.send?.({ port });
    setInterval(work, BEAT_MILLIS);
    setTimeout(end, livesForMillis);
  });
}

if (failsToStart) process.exit(3);
setTimeout(listen, startsAfterMillis);
