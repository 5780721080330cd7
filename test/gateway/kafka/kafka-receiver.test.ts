import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { GatewayHarness } from "../harness.ts";

it("a broker that takes requests and answers none does not keep a gateway from ending", async () => {
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-deaf-kafka-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const { port, asked } = await deafBroker();
  const { gateway } = new GatewayHarness(`
receivers: { kafka: { brokers: [127.0.0.1:${port}], topic: work } }
state: { directory: ${folder} }
outputs: { prometheus: { address: 127.0.0.1:0 } }
`);
  await gateway.start();
  await gateway.collect();
  await asked;
  const began = performance.now();
  await gateway.shutdown();
  expect(performance.now() - began).toBeLessThan(2000);
});

async function deafBroker(): Promise<{ port: number; asked: Promise<void> }> {
  const sockets: Socket[] = [];
  let hear = (): void => {};
  const asked = new Promise<void>((resolve) => {
    hear = resolve;
  });
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => {}).once("data", hear);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, asked };
}
