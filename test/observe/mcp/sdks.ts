import { Client as ClientOfTwo } from "@modelcontextprotocol/client";
import { Client as ClientOfOne } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { McpServer as ServerOfOne } from "@modelcontextprotocol/sdk/server/mcp.js";
import { Protocol } from "@modelcontextprotocol/sdk/shared/protocol.js";
import { Server as LowServerOfTwo, McpServer as ServerOfTwo } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import type { Toolbox } from "./toolbox.ts";

/** The classes that the clients and servers of the SDKs extend. */
export const protocols: readonly object[] = [
  Protocol,
  Object.getPrototypeOf(ClientOfTwo),
  Object.getPrototypeOf(LowServerOfTwo),
];

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly timeout?: number;
}

/** What the clients of the SDKs have in common. */
export interface AnyClient {
  callTool(tool: string, options?: CallOptions): Promise<{ isError?: boolean | undefined }>;
  getPrompt(prompt: string): Promise<unknown>;
  readResource(uri: string): Promise<unknown>;
  listTools(): Promise<unknown>;
  ping(): Promise<unknown>;
  close(): Promise<void>;
}

export interface Names {
  readonly client: string;
  readonly server: string;
}

export interface Sdk {
  readonly title: string;
  readonly protocolVersion: string;
  /** A client and a server that are connected in memory. */
  connect(
    toolbox: Toolbox,
    names?: Names,
    transports?: [InMemoryTransport, InMemoryTransport],
  ): Promise<AnyClient>;
}

const NAMES = { client: "asker", server: "librarian" };

async function connectOne(
  toolbox: Toolbox,
  names: Names = NAMES,
  transports = InMemoryTransport.createLinkedPair(),
) {
  const [near, far] = transports;
  await toolbox.fill(new ServerOfOne({ name: names.server, version: "1.0.0" })).connect(far);
  const client = new ClientOfOne({ name: names.client, version: "1.0.0" });
  await client.connect(near);
  return faceOfOne(client);
}

export function faceOfOne(client: ClientOfOne): AnyClient {
  return {
    callTool: async (name, options) => {
      const { isError } = await client.callTool({ name }, undefined, options);
      return { isError: isError === true };
    },
    getPrompt: (name) => client.getPrompt({ name }),
    readResource: (uri) => client.readResource({ uri }),
    listTools: () => client.listTools(),
    ping: () => client.ping(),
    close: () => client.close(),
  };
}

export function faceOfTwo(client: ClientOfTwo): AnyClient {
  return {
    callTool: (name, options) => client.callTool({ name }, options),
    getPrompt: (name) => client.getPrompt({ name }),
    readResource: (uri) => client.readResource({ uri }),
    listTools: () => client.listTools(),
    ping: () => client.ping(),
    close: () => client.close(),
  };
}

/** By one or the other way to open a connection: `initialize`, or the way of 2026, which has no sessions. */
function connectTwo(mode: "legacy" | "auto"): Sdk["connect"] {
  return async (toolbox, names = NAMES, transports = InMemoryTransport.createLinkedPair()) => {
    const [near, far] = transports;
    const info = { name: names.server, version: "1.0.0" };
    serveStdio(() => toolbox.fill(new ServerOfTwo(info)), { transport: far });
    const client = new ClientOfTwo(
      { name: names.client, version: "1.0.0" },
      { versionNegotiation: { mode } },
    );
    await client.connect(near);
    return faceOfTwo(client);
  };
}

export const sdks: readonly Sdk[] = [
  { title: "version 1", protocolVersion: "2025-11-25", connect: connectOne },
  { title: "version 2, as in 2025", protocolVersion: "2025-11-25", connect: connectTwo("legacy") },
  { title: "version 2, as in 2026", protocolVersion: "2026-07-28", connect: connectTwo("auto") },
];
