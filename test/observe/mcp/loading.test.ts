import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { Client as ClientOfTwo } from "@modelcontextprotocol/client";
import { StdioClientTransport as TransportOfTwo } from "@modelcontextprotocol/client/stdio";
import { Client as ClientOfOne } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as TransportOfOne } from "@modelcontextprotocol/sdk/client/stdio.js";
import { describe, expect, it } from "vitest";
import { eventually } from "../../eventually.ts";
import { McpBench } from "./bench-of-mcp.ts";
import { type AnyClient, faceOfOne, faceOfTwo, protocols } from "./sdks.ts";

const apps = join(import.meta.dirname, "apps");
const observed = ["--import", join(apps, "observed.ts")];

async function clientOfOne(file: string): Promise<{ client: AnyClient; heard: () => string }> {
  const transport = new TransportOfOne({
    command: process.execPath,
    args: [...observed, file],
    stderr: "pipe",
  });
  const heard = listen(transport.stderr);
  const client = new ClientOfOne({ name: "asker", version: "1.0.0" });
  await client.connect(transport);
  return { client: faceOfOne(client), heard };
}

async function clientOfTwo(file: string): Promise<{ client: AnyClient; heard: () => string }> {
  const transport = new TransportOfTwo({
    command: process.execPath,
    args: [...observed, file],
    stderr: "pipe",
  });
  const heard = listen(transport.stderr);
  const client = new ClientOfTwo({ name: "asker", version: "1.0.0" });
  await client.connect(transport);
  return { client: faceOfTwo(client), heard };
}

function listen(stream: { on(event: "data", hear: (part: unknown) => void): unknown } | null): () => string {
  let heard = "";
  stream?.on("data", (part) => {
    heard += String(part);
  });
  return () => heard;
}

describe.concurrent("an MCP server in a process of its own", () => {
  it.for([
    ["server-of-one.mjs", "esm-1", clientOfOne],
    ["server-of-one.cjs", "cjs-1", clientOfOne],
    ["server-of-two.mjs", "esm-2", clientOfTwo],
    ["server-of-two.cjs", "cjs-2", clientOfTwo],
  ] as const)("%s is observed as it is loaded", async ([file, name, connect], { expect, onTestFinished }) => {
    const { client, heard } = await connect(join(apps, file));
    onTestFinished(() => client.close());
    await client.callTool("echo");
    await eventually(() => expect(heard()).toContain(`task: ${name} execute_tool echo success`));
    expect(heard()).toContain("operation: server tools/call pipe");
    expect(heard()).not.toContain("said:");
    expect(heard()).not.toContain("operation: client");
  });
});

it("observes a client over stdio, and a session that lasts until the process is gone", async () => {
  const bench = new McpBench(protocols);
  const { client } = await clientOfOne(join(apps, "server-of-one.mjs"));
  await client.callTool("echo");
  await client.close();
  bench.observer.stop();
  expect(bench.of("asker")).toMatchObject({ completedTasks: 1, activeTasks: 0 });
  expect(bench.told("client", "tools/call")).toMatchObject([{ transport: "pipe" }]);
  expect(bench.sessions).toMatchObject([{ side: "client" }]);
});

it("observes version 2 in CommonJS, where client and server have a class each", () => {
  const { stderr } = spawnSync(process.execPath, [...observed, join(apps, "client-of-two.cjs")], {
    encoding: "utf8",
  });
  expect(stderr).toContain("task: inner execute_tool echo success");
  expect(stderr).toContain("task: cjs-client execute_tool echo success");
  expect(stderr).toContain("session: client");
  expect(stderr).toContain("session: server");
});
