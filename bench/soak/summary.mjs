import { theilSen } from "../../src/math/theil-sen.ts";
import { median } from "../harness/statistics.mjs";

const MIB = 1024 * 1024;
const HOUR_SECONDS = 3600;
/** The slope is that of the medians of so many blocks: all pairs of hours of samples are too many. */
const BLOCKS = 200;

const rssOf = ({ rss }) => rss / MIB;
/** Without garbage, and without what V8 keeps for new objects. It is unknown before the first collection. */
const inUseOf = ({ inUse }) => inUse / MIB;

const ROWS = [
  ["resident memory, MiB", rssOf],
  ["of it in use, MiB", inUseOf],
  ["heap, MiB", ({ heapUsed }) => heapUsed / MIB],
  ["heap after its last full collection, MiB", ({ heapKept }) => heapKept / MIB],
  ["numbers in typed arrays, MiB", ({ arrayBuffers }) => arrayBuffers / MIB],
  ["open descriptors", ({ descriptors }) => descriptors],
  ["event loop delay p99 of a sample, ms", ({ delayMillis }) => delayMillis],
  ["CPU, cores", ({ cpuCores }) => cpuCores],
  ["samples on /metrics", ({ series }) => series],
  ["tasks recorded", ({ recorded }) => recorded],
];

/**
 * A table in Markdown of what an app needed, and the slopes over the last half, in MiB an hour, of its
 * resident memory and of what is in use of it.
 */
export function tableOf(samples) {
  if (samples.length < 4) throw new Error(`${samples.length} samples are too few for a slope`);
  const last = samples.slice(samples.length >> 1);
  const slope = slopeOf(last, rssOf);
  const slopeInUse = slopeOf(last, inUseOf);
  const middle = last.length >> 1;
  const rows = ROWS.map(([name, numberOf]) => {
    const values = samples.map(numberOf);
    const halves = [median(last.slice(0, middle).map(numberOf)), median(last.slice(middle).map(numberOf))];
    const most = Math.max(...values.filter((value) => !Number.isNaN(value)));
    return `| ${[name, values[0], ...halves, most].map(shown).join(" | ")} |`;
  });
  const table = [
    "| | first sample | third quarter | last quarter | most |",
    "|---|---|---|---|---|",
    ...rows,
    "",
    `Slopes over the last half (Theil-Sen): resident memory ${slope.toFixed(2)} MiB/h, of it in use ${slopeInUse.toFixed(2)} MiB/h`,
  ].join("\n");
  return { table, slope, slopeInUse };
}

function slopeOf(samples, mebibytesOf) {
  const size = Math.ceil(samples.length / BLOCKS);
  const points = [];
  for (let from = 0; from + size <= samples.length; from += size) {
    const block = samples.slice(from, from + size);
    points.push([median(block.map(({ seconds }) => seconds)) / HOUR_SECONDS, median(block.map(mebibytesOf))]);
  }
  return theilSen(points).slope;
}

function shown(cell) {
  if (typeof cell !== "number") return cell;
  return Number.isInteger(cell) ? String(cell) : cell.toFixed(Math.abs(cell) < 10 ? 2 : 1);
}
