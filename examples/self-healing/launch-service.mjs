import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const SERVICE = fileURLToPath(new URL("service.mjs", import.meta.url));
const PATIENCE_MILLIS = 5000;

/** Starts a service process. Resolves when it listens, rejects when it does not start. */
export async function launchService({ seed, folder, onForked }) {
  const child = fork(SERVICE, [String(seed), folder], { execArgv: [] });
  onForked(child);
  const [first] = await Promise.race([
    once(child, "message"),
    once(child, "exit"),
    delay(PATIENCE_MILLIS, ["silence"], { ref: false }),
  ]);
  if (first?.port === undefined) {
    throw Object.assign(new Error(`the service did not start: ${first}`), { code: "START_FAILED" });
  }
  return { child, url: `http://127.0.0.1:${first.port}/health` };
}
