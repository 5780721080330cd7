import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { stringify } from "yaml";

const CLI = resolve(import.meta.dirname, "../../../src/cli.ts");

it.each<[what: string, answer: RequestListener]>([
  ["answers nothing", () => {}],
  ["begins an answer and never ends it", (_, response) => void response.writeHead(200).write("x")],
  ["asks to try again", (_, response) => void response.writeHead(503).end()],
])("ends within the two seconds that it promises, while an output %s", async (_, answer) => {
  const receiver = createServer(answer);
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-gateway-ending-"));
  onTestFinished(() => {
    receiver.closeAllConnections();
    receiver.close();
    rmSync(folder, { recursive: true });
  });
  const endpoint = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  const outputs = {
    prometheus: { address: "127.0.0.1:0" },
    otlp: [{ endpoint }],
    remoteWrite: [{ url: endpoint }],
  };
  const file = join(folder, "gateway.yaml");
  writeFileSync(file, stringify({ interval: "1s", receivers: { remoteWrite: {} }, outputs }));
  const asked = once(receiver, "request");
  const gateway = spawn(process.execPath, ["--no-warnings", CLI, "gateway", "--config", file]);
  onTestFinished(() => void gateway.kill("SIGKILL"));
  await asked;
  const ended = once(gateway, "close");
  const began = performance.now();
  gateway.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
  // A busy machine needs some time to end a process.
  expect(performance.now() - began).toBeLessThan(4000);
});

it("begins with a port that other machines can reach, if it is told to", async () => {
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-gateway-insecure-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "gateway.yaml");
  const outputs = { prometheus: { address: "0.0.0.0:0" } };
  writeFileSync(file, stringify({ receivers: { remoteWrite: {} }, outputs }));
  const args = ["--no-warnings", CLI, "gateway", "--config", file, "--insecure"];
  const gateway = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  onTestFinished(() => void gateway.kill("SIGKILL"));
  const ended = once(gateway, "close");
  for await (const text of gateway.stderr) if (String(text).includes("shows its forecasts at")) break;
  gateway.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
});

it("does not log that it shows forecasts on a port that another program has", async () => {
  const other = createServer();
  other.listen(0, "127.0.0.1");
  await once(other, "listening");
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-gateway-taken-"));
  onTestFinished(() => {
    other.close();
    rmSync(folder, { recursive: true });
  });
  const file = join(folder, "gateway.yaml");
  const outputs = { prometheus: { address: `127.0.0.1:${(other.address() as AddressInfo).port}` } };
  writeFileSync(file, stringify({ receivers: { remoteWrite: {} }, outputs }));
  const args = ["--no-warnings", CLI, "gateway", "--config", file];
  const gateway = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  onTestFinished(() => void gateway.kill("SIGKILL"));
  let logged = "";
  for await (const text of gateway.stderr) {
    logged += text;
    if (logged.includes("cannot listen on")) gateway.kill("SIGTERM");
  }
  expect(logged).toContain("address already in use");
  expect(logged).not.toContain("shows its forecasts at");
});
