import { writeFileSync } from "node:fs";
import { contest } from "../harness/contest.mjs";
import { logLogPlot } from "../harness/log-log-plot.mjs";
import { printMarkdown } from "../harness/table.mjs";

const SIZES = { quick: [10, 100, 1000], usual: [10, 100, 1000, 3000, 10_000, 30_000], large: [100_000] };
const SECONDS_OF_TICK = 10;
/** The samples of an hour. With more series than this many samples allow, they are younger. */
const MOST_AGE = 360;
const MOST_SAMPLES = 3_600_000;
/** Every series has had its first model by then, and the tick that counts has no first fits. */
const LEAST_AGE = 60;

/** How the cost of a collection, of memory and of a scrape grows with the number of series. */
export async function growth({ isQuick, isLarge, svg }) {
  const sizes = isQuick ? SIZES.quick : [...SIZES.usual, ...(isLarge ? SIZES.large : [])];
  const rows = [];
  // One after the other: all at once would not fit into memory.
  for (const series of sizes) {
    const age = isQuick ? LEAST_AGE : Math.max(LEAST_AGE, Math.min(MOST_AGE, MOST_SAMPLES / series));
    const { [series]: it } = await contest({ [series]: { module: "growth", setup: { series, age } } }, 1);
    if (it.isForecast !== 1) console.error(`${series} series: some have no forecast yet`);
    rows.push({ ...it, series, age });
  }
  printCollections(rows);
  printMemory(rows);
  if (svg !== undefined) writeFileSync(svg, plotOf(rows));
}

function printCollections(rows) {
  printMarkdown(
    "A collection of application gauges by the number of series (method auto, every 10 s, a new selection of each model every 5 minutes)",
    [
      ...["series", "samples of each", "us/series, main thread", "us/series, process", "children ms"],
      ...["% of a core", "usual longest turn ms", "longest turn ms", "GC ms"],
    ],
    rows.map((it) => [
      named(it.series),
      named(it.age),
      microsOf(it, "mainMillis"),
      microsOf(it, "processMillis"),
      it.childrenMillis,
      (it.processMillis + it.childrenMillis) / (SECONDS_OF_TICK * 10),
      it.usualTurnMillis,
      it.longestTurnMillis,
      it.collectedMillis,
    ]),
  );
}

function printMemory(rows) {
  printMarkdown(
    "Memory and a scrape by the number of series",
    [
      ...["series", "samples of each", "resident MB", "kB/series"],
      ...["scrape: CPU ms", "longest turn ms", "MB sent"],
    ],
    rows.map((it) => [
      named(it.series),
      named(it.age),
      it.residentBytes / 1e6,
      it.bytesOfSeries / 1000,
      it.scrapeMillis,
      it.scrapeTurnMillis,
      it.pageBytes / 1e6,
    ]),
  );
}

function plotOf(rows) {
  return logLogPlot({
    title: "Cost of a series by the number of series",
    x: { label: "series", values: rows.map(({ series }) => series) },
    panels: [
      {
        label: "CPU time of a collection: microseconds a series",
        lines: [
          { name: "main thread", values: rows.map((it) => microsOf(it, "mainMillis")) },
          { name: "whole process", values: rows.map((it) => microsOf(it, "processMillis")) },
        ],
      },
      {
        label: "memory: bytes a series",
        lines: [{ name: "bytes", values: rows.map(({ bytesOfSeries }) => bytesOfSeries) }],
      },
    ],
  });
}

function microsOf(it, measure) {
  return (it[measure] * 1000) / it.series;
}

/** A whole number, not a measurement. */
function named(number) {
  return number.toLocaleString("en-GB");
}
