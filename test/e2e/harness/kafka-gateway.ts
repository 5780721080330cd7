import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { Child, packageRoot } from "./child.ts";

const CLI = join(packageRoot, "dist/cli.cjs");

/** A request of OTLP that counts work of a sender, as the Collector's Kafka exporter writes it. */
export function countsOf(sender: string, count: number, startedAt: number, at = Date.now()): unknown {
  const nanos = (millis: number): string => `${millis}000000`;
  return {
    resourceMetrics: [
      {
        resource: { attributes: [{ key: "service.name", value: { stringValue: sender } }] },
        scopeMetrics: [
          {
            scope: { name: "test" },
            metrics: [
              {
                name: "work",
                sum: {
                  aggregationTemporality: 1,
                  isMonotonic: true,
                  dataPoints: [
                    {
                      asInt: String(count),
                      startTimeUnixNano: nanos(startedAt),
                      timeUnixNano: nanos(at),
                    },
                  ],
                },
              },
            ],
          },
        ],
      },
    ],
  };
}

export interface KafkaGatewayGiven {
  readonly name: string;
  readonly topic: string;
  readonly broker: string;
  readonly web: number;
}

/** Starts a gateway that reads from a topic, and counts what each sender has done today. */
export function startGateway(folder: string, { name, topic, broker, web }: KafkaGatewayGiven): Child {
  const file = join(folder, `${name}.yaml`);
  const content = {
    interval: "1s",
    horizons: ["5s"],
    method: "naive",
    receivers: {
      kafka: {
        brokers: [broker],
        topic,
        group: topic,
        instance: name,
        encoding: "otlp_json",
        initialOffset: "earliest",
        sessionTimeout: "6s",
      },
    },
    state: { directory: join(folder, name), partitions: join(folder, "shared"), interval: "1s" },
    outputs: { prometheus: { address: `127.0.0.1:${web}` } },
    views: [{ instrument: "work", number: "today", name: "work_today" }],
  };
  writeFileSync(file, stringify(content));
  return new Child(name, process.execPath, [CLI, "gateway", "--config", file], { cwd: folder });
}

/** What each sender has counted, as the gateway knows it. */
export async function countedOf(web: number): Promise<Map<string, number>> {
  const series = await valuesOf(web, "work_today");
  return new Map(series.map(({ labels, value }) => [/job="([^"]*)"/.exec(labels)?.[1] ?? labels, value]));
}

/** How many records are not read yet. */
export async function lagOf(web: number): Promise<number> {
  const lags = await valuesOf(web, "forecast_gateway_kafka_lag");
  return lags.reduce((total, { value }) => total + value, 0);
}

/** The series of a metric of the gateway. */
export async function valuesOf(web: number, metric: string): Promise<{ labels: string; value: number }[]> {
  const page = await (await fetch(`http://127.0.0.1:${web}/metrics`)).text();
  return Array.from(
    page.matchAll(new RegExp(`^${metric}(?:\\{(.*)\\})? (\\S+)`, "gm")),
    ([, labels, value]) => ({
      labels: labels ?? "",
      value: Number(value),
    }),
  );
}
