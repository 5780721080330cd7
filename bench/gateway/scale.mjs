import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { printTable, whole } from "../harness/table.mjs";
import { GatewayMember } from "./gateway-member.mjs";
import { LevelFleet } from "./level-fleet.mjs";
import { answers, freePorts } from "./processes.mjs";

const help = `npm run bench:scale -- [options]

Pushes a point of each series to all members of a gateway once in each interval, by OTLP over HTTP. Each member
keeps the series that it owns. Prints memory and CPU time of each, and after how many minutes all were forecast.
Takes the time of the minutes. Linux only.
  --series N    in all (default 1000000)
  --members N   gateways that share them (default 2)
  --minutes N   for how long (default 24)
  --interval S  seconds of an interval (default 60)`;

const { values: options } = parseArgs({
  options: {
    series: { type: "string", default: "1000000" },
    members: { type: "string", default: "2" },
    minutes: { type: "string", default: "24" },
    interval: { type: "string", default: "60" },
    help: { type: "boolean", default: false },
  },
});
const [series, count] = [Number(options.series), Number(options.members)];
const [minutes, intervalSeconds] = [Number(options.minutes), Number(options.interval)];

if (options.help) {
  console.log(help);
} else {
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-bench-scale-"));
  await measured(folder);
  rmSync(folder, { recursive: true });
}

/** @param {string} folder */
async function measured(folder) {
  const ports = await freePorts(2 * count);
  const members = Array.from({ length: count }, (_, number) =>
    memberOf(folder, number, ports.slice(2 * number)),
  );
  await Promise.all(members.map(({ web }) => answers(`${web}/-/healthy`)));
  const fleet = new LevelFleet(
    series,
    members.map(({ intake }) => intake),
  );
  const begunAt = performance.now();
  for (let interval = 1; interval <= (minutes * 60) / intervalSeconds; interval += 1) {
    const endsAt = begunAt + interval * intervalSeconds * 1000;
    await fleet.pushAll(endsAt);
    await Promise.all(members.map((member) => member.look(interval)));
    await sleep(Math.max(0, endsAt - performance.now()));
  }
  for (const { child } of members) child.kill("SIGTERM");
  console.log(
    `otel-forecast, ${new Date().toISOString().slice(0, 10)}, node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}`,
  );
  printTable(
    `${whole(series)} series in ${count} members, a point of each every ${intervalSeconds} s for ${minutes} minutes`,
    ["", "series", "all forecast after", "CPU s an interval", "most CPU s", "most resident GB", "kB/series"],
    members.map((member) => member.row()),
  );
}

/** @param {string} folder @param {number} number @param {number[]} ports */
function memberOf(folder, number, [intake = 0, web = 0]) {
  return new GatewayMember(folder, { number, count, series, intervalSeconds, intake, web });
}
