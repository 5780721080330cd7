import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { expect, it } from "vitest";
import { atOnce } from "../../../src/core/yielding-runner.ts";
import { observeNetwork } from "../../../src/measure/instruments/network-instruments.ts";
import { CollectionReader } from "../../../src/otel/collection-reader.ts";
import { measuredMetrics } from "../../../src/otel/measured-metrics.ts";
import { readInterfaces } from "../../../src/system/network.ts";
import { machine, machineCopy } from "../../system/machine-copy.ts";

async function collected(root: string): Promise<Record<string, unknown>> {
  const reader = new CollectionReader({ maxAttributeSets: 100 });
  const meter = new MeterProvider({ readers: [reader] }).getMeter("app");
  observeNetwork(meter, () => readInterfaces(root));
  const metrics = atOnce(measuredMetrics(await reader.collect()));
  return Object.fromEntries(metrics.map((metric) => [metric.name, metric.points]));
}

it("measures bytes, errors and drops of each interface, in both directions, with the names of the semantic conventions", async () => {
  const { root, write } = machineCopy("container");
  const numbers = Array.from({ length: 16 }, (_, index) => index + 1).join(" ");
  write("proc/net/dev", `Inter-|   Receive\n face |bytes\n    lo: ${numbers}\n  eth0: ${numbers}\n`);
  const points = (received: number, transmitted: number) => [
    { labels: { "system.device": "eth0", "network.io.direction": "receive" }, value: 0, before: received },
    {
      labels: { "system.device": "eth0", "network.io.direction": "transmit" },
      value: 0,
      before: transmitted,
    },
  ];
  // The columns of https://man7.org/linux/man-pages/man5/proc_pid_net.5.html
  expect(await collected(root)).toEqual({
    "system.network.io": points(1, 9),
    "system.network.errors": points(3, 11),
    "system.network.packet.dropped": points(4, 12),
  });
});

it("measures nothing when the system does not show it", async () => {
  expect(await collected(machine("another-system"))).toEqual({});
});
