import { writeFileSync } from "node:fs";
import { measureEach } from "../harness/contest.mjs";
import { logLogPlot } from "../harness/log-log-plot.mjs";
import { printMarkdown, whole } from "../harness/table.mjs";

const SIZES = { quick: [10, 100, 1000], usual: [10, 100, 1000, 3000, 10_000, 30_000], large: [100_000] };
const SECONDS_OF_TICK = 10;
/** The samples of an hour. More series than these are younger: an hour of them would take too long. */
const HOUR = 360;
const MOST_OF_AN_HOUR = 10_000;
/** Every series has had its first model by then, and the ticks that count have no first fits. */
const YOUNG = 60;

/** How the cost of a collection, of memory and of a scrape grows with the number of series. */
export async function growth({ isQuick, isLarge, series, svg }) {
  const sizes = series ?? (isQuick ? SIZES.quick : [...SIZES.usual, ...(isLarge ? SIZES.large : [])]);
  const contenders = sizes.map((size) => {
    const setup = { series: size, age: isQuick || size > MOST_OF_AN_HOUR ? YOUNG : HOUR };
    return [`${whole(size)} series`, { module: "growth", setup }];
  });
  const rows = await measureEach(Object.fromEntries(contenders), 1);
  for (const { name, isForecast } of rows)
    if (isForecast !== 1) console.error(`${name}: some have no forecast yet`);
  printCollections(rows);
  printMemory(rows);
  if (svg !== undefined) writeFileSync(svg, plotOf(rows));
}

function printCollections(rows) {
  printMarkdown(
    "A collection of application gauges by the number of series (method auto, every 10 s, with the selections of models)",
    [
      ...["series", "samples of each", "us/series, main thread", "us/series, process", "children ms"],
      ...["% of a core", "usual longest turn ms", "longest turn ms", "GC ms"],
    ],
    rows.map((it) => [
      whole(it.series),
      whole(it.age),
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
      whole(it.series),
      whole(it.age),
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
