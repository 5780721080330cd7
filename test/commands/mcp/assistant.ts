import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { Client, InMemoryTransport, type Transport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { onTestFinished } from "vitest";
import { mcpServer } from "../../../src/commands/mcp/mcp-server.ts";
import { ReadApi } from "../../../src/commands/read-api.ts";
import { createRequestHandler } from "../../../src/prometheus/request-handler.ts";
import { apiRoutes } from "../../../src/status/api-routes.ts";
import { StatusReader } from "../../../src/status/status-reader.ts";
import { BACKSTOP_MILLIS } from "../../harness/patience.ts";
import type { Harness } from "../../run/harness.ts";

const root = resolve(import.meta.dirname, "../../..");
/** The command line, from its source. */
export const COMMAND = ["--no-warnings", resolve(root, "src/cli.ts")];

/** What a tool answered. */
export interface Called {
  readonly isError: boolean;
  readonly text: string;
  readonly lines: readonly string[];
  // biome-ignore lint/suspicious/noExplicitAny: the tests read any field of it.
  readonly data: any;
  readonly bytes: number;
}

/** A client of the protocol that is connected to a server of ours. */
export interface Assistant {
  readonly client: Client;
  call(tool: string, input?: Record<string, unknown>): Promise<Called>;
}

/** A client that is connected in memory. */
export async function nearAssistantOf(url: string): Promise<Assistant> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  await mcpServer(new ReadApi(url), "1.0.0").connect(far);
  return connected(near);
}

/** Starts the command for a URL and connects to it. */
export async function assistantOf(
  url: string,
  command: readonly string[] = COMMAND,
): Promise<Assistant & { errors(): string }> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [...command, "mcp", url],
    stderr: "pipe",
  });
  let errors = "";
  transport.stderr?.on("data", (chunk) => (errors += chunk));
  return { ...(await connected(transport)), errors: () => errors };
}

async function connected(transport: Transport): Promise<Assistant> {
  const client = new Client({ name: "assistant", version: "1.0.0" });
  onTestFinished(() => client.close());
  await client.connect(transport);
  // The client then checks what a tool answers against its schema.
  await client.listTools();
  return { client, call: (tool, input) => called(client, tool, input) };
}

async function called(client: Client, name: string, input: Record<string, unknown> = {}): Promise<Called> {
  const result = await client.callTool({ name, arguments: input });
  const [content] = result.content;
  const text = content?.type === "text" ? content.text : "";
  return {
    isError: result.isError === true,
    text,
    lines: text.split("\n"),
    data: result.structuredContent,
    bytes: Buffer.byteLength(JSON.stringify(result)),
  };
}

/** Serves on a free port until the test has ended. Gives the URL. */
export async function serving(listener: RequestListener): Promise<string> {
  // On a busy machine the usual 5 seconds may end while a request arrives.
  const server = createServer({ keepAliveTimeout: BACKSTOP_MILLIS }, listener);
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Serves the read API of a pipeline. Gives the URL. */
export function servingApi({ pipeline, world }: Harness): Promise<string> {
  const reader = new StatusReader({
    engine: () => pipeline.engine,
    alerts: () => pipeline.alerting,
    now: () => world.now(),
  });
  return serving(
    createRequestHandler({
      scrape: async () => ({ format: "text", escaping: "underscores", pieces: [] }),
      health: () => ({ healthy: true }),
      routes: apiRoutes(reader),
    }),
  );
}

/** Serves the same JSON at every path. Gives the URL. */
export function servingJson(body: unknown, status = 200): Promise<string> {
  return serving((_, response) => response.writeHead(status).end(JSON.stringify(body)));
}
