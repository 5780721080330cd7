import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { printTable } from "../harness/table.mjs";
import { answers, cpuSeconds, freePorts, residentOf, started } from "./processes.mjs";
import { ServiceFleet } from "./service-fleet.mjs";

const help = `npm run bench:intake -- [options]

Services push metrics to a real OpenTelemetry Collector, which sends them to a gateway over gRPC with gzip. Prints what
was sent and taken, and the CPU time and memory of the gateway beside those of the Collector. Needs the Collector of
test/e2e/collector/build.sh, and Linux.
  --services N   services, each of which pushes once a second (default 100)
  --streams N    sums and gauges of a service (default 100)
  --minutes N    for how long (default 10)
  --interval D   interval of the gateway (default 1m)`;

/** As in the files to run a gateway in production. */
const NODE_OPTIONS = ["--max-semi-space-size=8"];
const root = resolve(import.meta.dirname, "../..");
/** How long the gateway may take until it shows what it has counted. */
const WAIT_SECONDS = 120;

const { values: options } = parseArgs({
  options: {
    services: { type: "string", default: "100" },
    streams: { type: "string", default: "100" },
    minutes: { type: "string", default: "10" },
    interval: { type: "string", default: "1m" },
    help: { type: "boolean", default: false },
  },
});
const collector = execFileSync(join(root, "test/e2e/collector/build.sh"), ["--path"], {
  encoding: "utf8",
}).trim();

if (options.help || !existsSync(collector)) {
  console.log(help);
} else {
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-bench-intake-"));
  await measured(folder, Number(options.services), Number(options.streams), Number(options.minutes));
  rmSync(folder, { recursive: true });
}

/**
 * @param {string} folder
 * @param {number} services
 * @param {number} streams
 * @param {number} minutes
 */
async function measured(folder, services, streams, minutes) {
  const [toGateway, web, toCollector] = await freePorts(3);
  const gatewayFile = join(folder, "gateway.yaml");
  writeFileSync(gatewayFile, gatewayConfiguration(toGateway, web, services * streams));
  const gateway = started(process.execPath, [
    ...NODE_OPTIONS,
    join(root, "dist/cli.cjs"),
    "gateway",
    "--config",
    gatewayFile,
  ]);
  const collectorFile = join(folder, "collector.yaml");
  writeFileSync(collectorFile, collectorConfiguration(toCollector, toGateway));
  const collecting = started(collector, ["--config", collectorFile]);
  const fleet = new ServiceFleet({ url: `http://127.0.0.1:${toCollector}/v1/metrics`, services, streams });
  await answers(`http://127.0.0.1:${web}/-/healthy`);
  await answers(`http://127.0.0.1:${toCollector}/`);
  const before = [cpuSeconds(gateway), cpuSeconds(collecting)];
  let residentBytes = 0;
  const begunAt = performance.now();
  while (performance.now() - begunAt < minutes * 60_000) {
    await fleet.pushOnce();
    residentBytes = Math.max(residentBytes, residentOf(gateway));
  }
  const seconds = (performance.now() - begunAt) / 1000;
  const after = [cpuSeconds(gateway), cpuSeconds(collecting)];
  const taken = await takenBy(web, fleet.sent);
  for (const child of [gateway, collecting]) child.kill("SIGTERM");
  const cores = after.map((at, index) => (at - Number(before[index])) / seconds);
  console.log(`${new Date().toISOString().slice(0, 10)}, node ${process.version}, ${cpus()[0]?.model}`);
  printTable(
    `${services} services with ${streams} streams each, for ${minutes} minutes, forecast every ${options.interval}`,
    ["", "points/s", "points sent", "points taken", "cores", "cores of the Collector", "most resident MB"],
    [["OTLP over gRPC", fleet.sent / seconds, fleet.sent, taken, cores[0], cores[1], residentBytes / 1e6]],
  );
}

/** @param {number} expected the points to wait for: the gateway counts anew once in its interval */
async function takenBy(/** @type {number} */ web, expected) {
  let taken = 0;
  for (let times = 0; times < WAIT_SECONDS && taken < expected; times += 1) {
    await sleep(1000);
    const page = await (await fetch(`http://127.0.0.1:${web}/metrics`)).text();
    taken = Number(
      /^forecast_gateway_received_total\{.*receiver="otlp_grpc".*\} (\d+)/m.exec(page)?.[1] ?? 0,
    );
  }
  return taken;
}

/** @param {number} grpc @param {number} web @param {number} series */
function gatewayConfiguration(grpc, web, series) {
  return `interval: ${options.interval}
horizons: [1h]
receivers: { otlp: { grpc: "127.0.0.1:${grpc}" } }
outputs: { prometheus: { address: "127.0.0.1:${web}" } }
limits: { series: ${Math.max(10_000, series)} }
`;
}

/** @param {number} http @param {number} gateway */
function collectorConfiguration(http, gateway) {
  return `receivers: { otlp: { protocols: { http: { endpoint: "127.0.0.1:${http}" } } } }
exporters:
  otlp_grpc:
    endpoint: 127.0.0.1:${gateway}
    compression: gzip
    tls: { insecure: true }
    sending_queue: { sizer: items, queue_size: 200000, num_consumers: 1, batch: { sizer: items, flush_timeout: 200ms, min_size: 8192, max_size: 50000 } }
service:
  pipelines: { metrics: { receivers: [otlp], exporters: [otlp_grpc] } }
  telemetry: { metrics: { level: none }, logs: { level: error } }
`;
}
