import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { atOnce } from "../../src/core/yielding-runner.ts";
import { decodeJson } from "../../src/wire/otlp/decode-json.ts";
import { decodeProtobuf } from "../../src/wire/otlp/decode-protobuf.ts";
import { ExportResult } from "../../src/wire/otlp/export-result.ts";
import { median } from "../harness/statistics.mjs";
import { printTable } from "../harness/table.mjs";
import { LatestIntake } from "./latest-intake.mjs";
import { decodeByProtobufjs, kinds } from "./requests.mjs";

const help = `npm run bench:decode -- [options]

Measures how fast export requests of OTLP are decoded, in points for each second of CPU time. Decoders take turns in
one process.
  --rounds COUNT  how often each is measured (default: 15)
  --only TEXT     only the requests whose name contains the text

protobuf, JSON   ours, for streams that are known: each point is looked up and handed to its stream
new streams      ours, for streams that are new: all headers and attributes are read
protobufjs, JSON.parse
                 the same bytes become objects, and nothing is done with them
ratio            to protobufjs, or to JSON.parse: more than 1 is faster`;

const MILLIS_OF_ROUND = 120;

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "15" },
    only: { type: "string", default: "" },
    help: { type: "boolean", default: false },
  },
});

if (options.help) console.log(help);
else measure(Number(options.rounds));

function measure(rounds) {
  const date = new Date().toISOString().slice(0, 10);
  console.log(`${date}, node ${process.version}, ${cpus()[0].model}`);
  for (const [name, make] of Object.entries(kinds)) {
    if (!name.includes(options.only)) continue;
    const request = make();
    const rates = ratesOf(waysOf(request), request.points, rounds);
    const row = (way, base, bytes) => [
      way,
      median(rates[way]) / 1e6,
      median(rates[way].map((rate, round) => rate / rates[base][round])),
      bytes.length / request.points,
    ];
    printTable(
      name,
      ["", "million points/s", "ratio", "bytes/point"],
      [
        row("protobuf", "protobufjs", request.protobuf),
        row("protobuf, new streams", "protobufjs", request.protobuf),
        row("protobufjs", "protobufjs", request.protobuf),
        row("JSON", "JSON.parse", request.json),
        row("JSON, new streams", "JSON.parse", request.json),
        row("JSON.parse", "JSON.parse", request.json),
      ],
    );
  }
}

function waysOf({ protobuf, json, points }) {
  const [known, knownInJson] = [new LatestIntake(), new LatestIntake()];
  const decode = (by, bytes, intake) => {
    const result = new ExportResult();
    atOnce(by(bytes, intake, result));
    if (result.taken !== points) throw new Error(`${result.taken} of ${points} points were taken`);
  };
  return {
    protobuf: () => decode(decodeProtobuf, protobuf, known),
    "protobuf, new streams": () => decode(decodeProtobuf, protobuf, new LatestIntake()),
    protobufjs: () => decodeByProtobufjs(protobuf),
    JSON: () => decode(decodeJson, json, knownInJson),
    "JSON, new streams": () => decode(decodeJson, json, new LatestIntake()),
    "JSON.parse": () => JSON.parse(json.toString()),
  };
}

/** The points for each second of CPU time, by way and round. The first round is not counted. */
function ratesOf(ways, points, rounds) {
  /** @type {Record<string, number[]>} */
  const rates = Object.fromEntries(Object.keys(ways).map((way) => [way, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [way, work] of Object.entries(ways)) {
      const before = process.cpuUsage();
      let times = 0;
      for (const end = performance.now() + MILLIS_OF_ROUND; performance.now() < end; times += 1) work();
      const { user, system } = process.cpuUsage(before);
      if (round > 0) rates[way].push((points * times * 1e6) / (user + system));
    }
  }
  return rates;
}
