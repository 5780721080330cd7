import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { expect, it, onTestFinished } from "vitest";
import { PrometheusEndpoint } from "../../src/prometheus/prometheus-endpoint.ts";
import { orders } from "../processes/orders.ts";
import { resourceMetrics } from "./metric-data.ts";

/** An endpoint of a worker, and its provider that has counted a visit. */
function worker() {
  const producer = { collect: async () => ({ resourceMetrics: resourceMetrics({}), errors: [] }) };
  const endpoint = new PrometheusEndpoint({ host: "127.0.0.1", port: 0, metricProducers: [producer] });
  onTestFinished(() => endpoint.shutdown());
  const provider = new MeterProvider({ readers: [endpoint.reader] });
  provider.getMeter("shop").createCounter("visits").add(1);
  return { endpoint, provider };
}

const namesIn = (shown: readonly { metrics: readonly { descriptor: { name: string } }[] }[]) =>
  shown.flatMap(({ metrics }) => metrics.map(({ descriptor }) => descriptor.name));

it("a worker shows what it has counted to the others also after its provider was shut down", async () => {
  const { endpoint, provider } = worker();
  expect(namesIn(await endpoint.shownByReaders())).toEqual(["visits"]);
  await provider.shutdown();
  expect(namesIn(await endpoint.shownByReaders())).toEqual(["visits"]);
});

it("the sum over workers keeps the part of a reader that fails for a while", async () => {
  const { endpoint } = worker();
  let fails = false;
  const own = endpoint.readers[0] as { collect: (...given: unknown[]) => unknown };
  const collect = own.collect.bind(own);
  own.collect = async (...given) => {
    if (fails) throw new Error("no answer");
    return collect(...given);
  };
  endpoint.joinPeers({ sumWith: (shown) => [...shown, ...orders(10)] });
  await endpoint.start();
  const page = async () => (await fetch(`${endpoint.url}/metrics`)).text();
  expect(await page()).toMatch(/^visits_total 1$/m);
  fails = true;
  const second = await page();
  expect(second).toMatch(/^orders_total 10$/m);
  expect(second).toMatch(/^visits_total 1$/m);
});

it("the other processes hear before and after the port is freed, also if the provider of the application is shut down", async () => {
  const { endpoint, provider } = worker();
  const heard: string[] = [];
  const isOpen = () =>
    fetch(`${endpoint.url}/health`).then(
      () => "open",
      () => "closed",
    );
  endpoint.joinPeers({
    sumWith: () => undefined,
    sendLast: async () => void heard.push(`last: ${await isOpen()}`),
    leave: async () => void heard.push(`left: ${await isOpen()}`),
  });
  await endpoint.start();
  await provider.shutdown();
  expect(heard).toEqual(["last: open", "left: closed"]);
});

it("the port is freed although the other processes hear nothing", async () => {
  const { endpoint } = worker();
  endpoint.joinPeers({ sumWith: () => undefined, sendLast: () => new Promise(() => {}) });
  await endpoint.start();
  await endpoint.shutdown();
  await expect(fetch(`${endpoint.url}/health`)).rejects.toThrow();
});
