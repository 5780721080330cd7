import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** The kernel counts CPU time in these. */
const TICKS_PER_SECOND = 100;

/** @typedef {import("node:child_process").ChildProcess} Child */

/**
 * Starts a program that ends with this one.
 *
 * @param {string} command @param {string[]} args @param {NodeJS.ProcessEnv} [env]
 */
export function started(command, args, env = process.env) {
  const child = spawn(command, args, { env, stdio: ["ignore", "ignore", "inherit"] });
  process.once("exit", () => child.kill("SIGKILL"));
  return child;
}

/** Waits until something answers there. */
export async function answers(/** @type {string} */ url) {
  for (let times = 0; times < 300; times += 1) {
    const response = await fetch(url).catch(() => undefined);
    if (response !== undefined) return;
    await sleep(100);
  }
  throw new Error(`nothing answers at ${url}`);
}

/** @param {number} count @returns {Promise<number[]>} */
export async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => new Promise((listens) => server.once("listening", listens))));
  const ports = servers.map(
    (server) => /** @type {import("node:net").AddressInfo} */ (server.address()).port,
  );
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}

/** The CPU time of a process so far. Linux only. */
export function cpuSeconds(/** @type {Child} */ { pid }) {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** The resident memory of a process, in bytes. Linux only. */
export function residentOf(/** @type {Child} */ { pid }) {
  return 1024 * Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
}
