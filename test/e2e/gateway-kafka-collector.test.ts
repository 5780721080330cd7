import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { eventually } from "../eventually.ts";
import { Child, packageRoot } from "./harness/child.ts";
import { collector, java, kafkaBroker, needs, pathOf } from "./harness/components.ts";
import { freePorts } from "./harness/free-ports.ts";
import { KafkaBroker } from "./harness/kafka-broker.ts";

const EXAMPLE = join(packageRoot, "examples/gateway-kafka");
const SERVICES = ["cart", "search", "mail"];

/** What the test changes in the files of the example. */
interface CollectorFile {
  readonly receivers: { readonly otlp: { protocols: unknown } };
  readonly exporters: { readonly kafka: { brokers: string[] } };
  readonly service: { telemetry?: unknown };
}
interface GatewayFile {
  readonly receivers: { readonly kafka: { brokers: string[] } };
}

/** Stopped in the reverse order of their start, also when the test fails. */
const toEnd: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of toEnd.splice(0).reverse()) await end();
});

/** Starts a program with a file of the example, which is changed first. */
function start<File>(name: string, change: (file: File) => void): Child {
  const folder = mkdtempSync(join(tmpdir(), `otel-forecast-${name}-`));
  const file = parse(readFileSync(join(EXAMPLE, `${name}.yaml`), "utf8"));
  change(file);
  writeFileSync(join(folder, "config.yaml"), stringify(file));
  const [command, given] =
    name === "collector"
      ? [pathOf(collector), []]
      : [process.execPath, [join(packageRoot, "dist/cli.cjs"), "gateway"]];
  const child = new Child(name, command, [...given, "--config", "config.yaml"], { cwd: folder });
  toEnd.push(async () => {
    await child.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return child;
}

/** Pushes a queue that grows by 1 each second, of each service. */
async function push(url: string, startedAt: number): Promise<void> {
  const depth = 100 + (Date.now() - startedAt) / 1000;
  const metrics = [
    { name: "depth", gauge: { dataPoints: [{ asDouble: depth, timeUnixNano: `${Date.now()}000000` }] } },
  ];
  const resourceMetrics = SERVICES.map((stringValue) => ({
    resource: { attributes: [{ key: "service.name", value: { stringValue } }] },
    scopeMetrics: [{ scope: { name: "test" }, metrics }],
  }));
  await fetch(`${url}/v1/metrics`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ resourceMetrics }),
  });
}

it("what services push to the Collector of the example comes through Kafka to the gateway of the example", async (context) => {
  needs(context, java, kafkaBroker, collector);
  const kafka = await KafkaBroker.start();
  toEnd.push(() => kafka.stop());
  await kafka.createTopic("otlp_metrics", 4);
  const [grpc, http, web, own] = (await freePorts(4)).map((port) => `127.0.0.1:${port}`);
  start<CollectorFile>("collector", (file) => {
    file.receivers.otlp.protocols = { grpc: { endpoint: grpc }, http: { endpoint: http } };
    file.exporters.kafka.brokers = [kafka.address];
    const [host, port] = own?.split(":") ?? [];
    const prometheus = { host, port: Number(port) };
    file.service.telemetry = { metrics: { readers: [{ pull: { exporter: { prometheus } } }] } };
  });
  const gateway = start<GatewayFile>("gateway", (file) => {
    file.receivers.kafka.brokers = [kafka.address];
    Object.assign(file, { interval: "1s", horizons: ["15s"], outputs: { prometheus: { address: web } } });
  });
  const startedAt = Date.now();
  const timer = setInterval(() => void push(`http://${http}`, startedAt).catch(() => {}), 500);
  toEnd.push(() => clearInterval(timer));
  await eventually(async () => {
    const page = await (await fetch(`http://${web}/metrics`)).text();
    const predicted = [...page.matchAll(/^depth_predicted\{[^}]*job="(\w+)"[^}]*\} (\S+)/gm)];
    expect(predicted.map(([, job]) => job).toSorted()).toEqual(SERVICES.toSorted());
    const level = 100 + (Date.now() - startedAt) / 1000;
    for (const [, , value] of predicted) {
      expect(Number(value) - level).toBeGreaterThan(5);
      expect(Number(value) - level).toBeLessThan(22);
    }
    expect(page).not.toMatch(/forecast_gateway_dropped_total\{reason="late"/);
  });
  expect(gateway.output).not.toMatch(/can't read from Kafka/);
});
