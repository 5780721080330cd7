import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { describe, expect, it, onTestFinished } from "vitest";
import { eventually } from "../../eventually.ts";
import { disk, listOf } from "./answers-of-api.ts";
import { COMMAND, serving, servingJson } from "./assistant.ts";

/** The command, whose streams the test reads and writes itself. */
class Started {
  readonly process: ChildProcessWithoutNullStreams;
  readonly ended: Promise<number | null>;
  out = "";
  err = "";

  constructor(...args: readonly string[]) {
    this.process = spawn(process.execPath, [...COMMAND, "mcp", ...args]);
    this.process.stdout.setEncoding("utf8").on("data", (chunk) => (this.out += chunk));
    this.process.stderr.setEncoding("utf8").on("data", (chunk) => (this.err += chunk));
    this.process.stdin.on("error", () => {});
    this.ended = new Promise((done) => this.process.on("close", done));
    onTestFinished(() => {
      this.process.kill("SIGKILL");
    });
  }

  write(...lines: readonly (string | object)[]): void {
    for (const line of lines)
      this.process.stdin.write(`${typeof line === "string" ? line : JSON.stringify(line)}\n`);
  }

  /** The messages on standard output, which holds nothing else. */
  get messages(): { readonly id: number; readonly result?: object; readonly error?: object }[] {
    const lines = this.out.split("\n");
    expect(lines.pop()).toBe("");
    return lines.map((line) => JSON.parse(line));
  }
}

const initialize = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "c", version: "1" } },
};
const initialized = { jsonrpc: "2.0", method: "notifications/initialized" };
const callOf = (id: number, name: string) => ({
  jsonrpc: "2.0",
  id,
  method: "tools/call",
  params: { name, arguments: {} },
});

it("ends when its input ends, and writes nothing but the protocol to its output", async () => {
  const started = new Started(await servingJson(listOf([disk])));
  started.write(initialize, initialized, callOf(2, "forecasts"));
  await eventually(() => expect(started.messages).toHaveLength(2));
  started.process.stdin.end();
  expect(await started.ended).toBe(0);
  expect(started.messages).toMatchObject([
    { jsonrpc: "2.0", id: 1, result: { serverInfo: { name: "otel-forecast" } } },
    { jsonrpc: "2.0", id: 2, result: { structuredContent: { selected: 1 } } },
  ]);
  expect(started.err).toBe("");
});

it("ends when its input ends while it waits for an answer", async () => {
  let asked = 0;
  let given = 0;
  const url = await serving((_, response) => {
    asked += 1;
    response.on("close", () => (given += 1));
  });
  const started = new Started(url);
  started.write(initialize, initialized, callOf(2, "alerts"));
  await eventually(() => expect(asked).toBe(1));
  started.process.stdin.end();
  expect(await started.ended).toBe(0);
  await eventually(() => expect(given).toBe(1));
  expect(started.messages).toHaveLength(1);
});

it("goes on after lines that are no messages of the protocol", async () => {
  const started = new Started(await servingJson({ alerts: [] }));
  started.write(
    initialize,
    initialized,
    "hello?",
    "{",
    "[]",
    { jsonrpc: "2.0" },
    callOf(3, "delete_everything"),
  );
  started.write(callOf(4, "alerts"));
  await eventually(() => expect(started.messages.map(({ id }) => id)).toContain(4));
  started.process.stdin.end();
  expect(await started.ended).toBe(0);
  expect(started.messages.filter(({ id }) => id === 3)).toMatchObject([
    { error: { message: expect.stringContaining("delete_everything") } },
  ]);
  for (const line of started.err.trimEnd().split("\n")) expect(line).toMatch(/^otel-forecast: /);
});

describe("a wrong URL ends it at once, with the reason", () => {
  it.each(["ftp://localhost", "http://ann:secret@["])("%s", async (url) => {
    const started = new Started(url);
    expect(await started.ended).toBe(2);
    expect(started.out).toBe("");
    expect(started.err).toMatch(
      /^otel-forecast: expected a URL such as http:\/\/localhost:9464, got "[^\n]*"\n$/,
    );
    expect(started.err).not.toContain("secret");
  });
});

it.each([
  ["2025", "legacy"],
  ["2026", "auto"],
] as const)("serves clients of the protocol of %s", async (year, mode) => {
  const url = await servingJson({ alerts: [] });
  const client = new Client({ name: "c", version: "1" }, { versionNegotiation: { mode } });
  onTestFinished(() => client.close());
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [...COMMAND, "mcp", url] }),
  );
  expect(client.getNegotiatedProtocolVersion()).toMatch(year);
  expect((await client.callTool({ name: "alerts" })).structuredContent).toMatchObject({ firing: 0 });
});
