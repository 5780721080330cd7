import { expect, it, onTestFinished } from "vitest";
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
