import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { expect, it } from "vitest";
import { forecastReaders, PerformanceMonitor } from "../../src/index.ts";
import { eventually } from "../eventually.ts";

it("forecastReaders starts its monitor, which shows the instruments of the provider with the readers", async () => {
  // It knows the port, on which the monitor of the readers appears too.
  const known = new PerformanceMonitor({ port: 0, host: "127.0.0.1" });
  await known.start();
  const url = known.url as string;
  const readers = forecastReaders({ port: Number(new URL(url).port), host: "127.0.0.1" });
  const provider = new MeterProvider({ readers });
  provider.getMeter("app").createCounter("orders").add(3);
  await eventually(async () => {
    expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/^orders_total\S* 3$/m);
  });
  await provider.shutdown();
  await known.shutdown();
});
