import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished, vi } from "vitest";
import { Runtime } from "../../src/run/runtime.ts";
import { freePort } from "../e2e/harness/free-ports.ts";

it("the endpoint that has the port answers for the other runtimes of the process too", async () => {
  const port = await freePort();
  const runtimes = ["first", "second"].map((namespace) => {
    const runtime = new Runtime({
      ...{ namespace, port, host: "127.0.0.1", exporters: ["prometheus"] },
      ...{ collectionIntervalMillis: 60_000, horizons: ["1m"] },
    });
    onTestFinished(() => runtime.shutdown());
    return runtime;
  });
  for (const runtime of runtimes) {
    await runtime.start();
    await runtime.pipeline.collect();
  }
  const list = await fetch(`http://127.0.0.1:${port}/api/forecasts`, { headers: { Connection: "close" } });
  expect(await list.text()).toMatch(/first_[\s\S]*second_/);
});

it("points that a receiver rejects of a push are counted as skipped", async () => {
  const answer = JSON.stringify({ partialSuccess: { rejectedDataPoints: "2", errorMessage: "no room" } });
  const server = createServer((request, response) => {
    request.resume().on("end", () => response.setHeader("content-type", "application/json").end(answer));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", `http://127.0.0.1:${port}`);
  vi.stubEnv("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json");
  onTestFinished(() => void vi.unstubAllEnvs());
  const runtime = new Runtime({ exporters: ["otlp"], collectionIntervalMillis: 60_000, horizons: ["1m"] });
  await runtime.start();
  await runtime.save();
  await runtime.shutdown();
  // Both pushes.
  expect(runtime.pipeline.skips.counts.get("push_rejected")).toBe(4);
});
