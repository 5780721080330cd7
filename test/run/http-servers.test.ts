import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { Runtime } from "../../src/run/runtime.ts";
import { freePort } from "../e2e/harness/free-ports.ts";

const headers = { Connection: "close" };

it("requests to servers of the application are measured, and those to our endpoint are not", async () => {
  const ours = await freePort();
  const runtime = new Runtime({ host: "127.0.0.1", port: ours, exporters: ["prometheus"] });
  onTestFinished(() => runtime.shutdown());
  await runtime.start();
  const server = createServer((_, response) => response.end("ok")).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port: theirs } = server.address() as AddressInfo;
  const page = async (): Promise<string> =>
    (await fetch(`http://127.0.0.1:${ours}/metrics`, { headers })).text();
  await page();
  await fetch(`http://127.0.0.1:${theirs}/`, { headers });
  await fetch(`http://127.0.0.1:${theirs}/`, { headers });
  await runtime.pipeline.collect();
  const counted = (await page())
    .split("\n")
    .filter((line) => /^http_server_request_duration.*_count\b/.test(line));
  expect(counted).toEqual([expect.stringMatching(/ 2$/)]);
});
