import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { nextMessage } from "./contest.mjs";

/** @type {import("node:child_process").ChildProcess | undefined} */
let scraper;

/** Scrapes a port of this process once, from another process. Returns how many bytes the answer had. */
export function lengthOfPage(port) {
  scraper ??= fork(fileURLToPath(new URL("../apps/scraper.mjs", import.meta.url)));
  scraper.send(port);
  return nextMessage("the scraper", scraper);
}
