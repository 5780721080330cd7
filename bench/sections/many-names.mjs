import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { nextMessage } from "../harness/contest.mjs";
import { printMarkdown, whole } from "../harness/table.mjs";

const app = fileURLToPath(new URL("../apps/many-names.mjs", import.meta.url));

/** Each in a process of its own. The first is what the others are compared with. */
const KINDS = [
  "no names",
  "agents",
  "agents in spans",
  "agents, numbers by hand",
  "task types",
  "error types",
  "failure types",
  "recovery actions",
  "failures without a recovery",
  "attribute sets of a counter",
  "attribute sets of a histogram",
  "attribute sets of a gauge",
  "attribute sets of an observable gauge",
];

const USUAL = {
  names: 1_000_000,
  arrivalSeconds: 300,
  seconds: 600,
  intervalMillis: 10_000,
  scrapeMillis: 15_000,
};
const QUICK = { names: 1000, arrivalSeconds: 2, seconds: 4, intervalMillis: 1000, scrapeMillis: 1500 };

/** The memory of apps that invent names, in real time. All run at the same time. */
export async function manyNames({ isQuick }) {
  const { names, arrivalSeconds, seconds, intervalMillis, scrapeMillis } = isQuick ? QUICK : USUAL;
  const measured = await Promise.all(
    KINDS.map((kind) =>
      run(kind, [names, arrivalSeconds, seconds, intervalMillis].map(String), scrapeMillis),
    ),
  );
  printMarkdown(
    `Apps that each invent ${whole(names)} names in ${arrivalSeconds} s and live for ${seconds} s, collected every ` +
      `${intervalMillis / 1000} s and scraped every ${scrapeMillis / 1000} s`,
    [
      "names",
      "series forecast",
      "most resident MB",
      "resident MB at the end",
      "heap and external MB",
      "MB of the page",
    ],
    measured.map(({ kind, series, most, rss, usedBytes, pageBytes }) => [
      kind,
      whole(series),
      ...[most, rss, usedBytes, pageBytes].map((bytes) => bytes / 1e6),
    ]),
  );
}

/** Runs an app. Scrapes it from here: in its own process, the pages would count twice. */
async function run(kind, args, scrapeMillis) {
  const child = fork(app, [kind, ...args], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const { url } = await nextMessage(kind, child);
  /** @type {Promise<unknown>} */
  let scraped = Promise.resolve();
  const scraping = setInterval(() => {
    scraped = scrape(url);
  }, scrapeMillis);
  const needed = await nextMessage(kind, child);
  clearInterval(scraping);
  await scraped;
  const seen = await scrape(url);
  child.kill();
  return { kind, ...needed, ...seen };
}

async function scrape(url) {
  const page = await fetch(`${url}/metrics`);
  const pageBytes = (await page.arrayBuffer()).byteLength;
  /** @type {any} */
  const { series } = await (await fetch(`${url}/health`)).json();
  return { pageBytes, series };
}
