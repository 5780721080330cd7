import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { EmptyResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ProtocolClass } from "../../../src/observe/mcp/mcp-observer.ts";
import { McpBench } from "./bench-of-mcp.ts";
import { protocols, sdks } from "./sdks.ts";
import { Toolbox } from "./toolbox.ts";

type Message = Parameters<NonNullable<InMemoryTransport["onmessage"]>>[0];

const [one] = sdks;
const connectOne = one?.connect ?? expect.unreachable("no SDK");

describe("an unusual MCP connection", () => {
  let bench: McpBench;
  let toolbox: Toolbox;

  beforeEach(() => {
    bench = new McpBench(protocols);
    toolbox = new Toolbox();
  });
  afterEach(() => bench.observer.stop());

  it.for([
    ["no class at all", undefined],
    ["a class without connect", class {}],
    [
      "a class that connects and asks nothing",
      class {
        connect() {}
      },
    ],
  ] as const)("leaves %s alone, and says so", ([, odd]) => {
    const before = odd === undefined ? [] : Object.getOwnPropertyNames(odd.prototype);
    bench.observer.join(odd as unknown as ProtocolClass);
    expect(bench.said).toEqual([
      "this version of the MCP SDK is not known, its clients and servers are not observed",
    ]);
    expect(odd === undefined ? [] : Object.getOwnPropertyNames(odd.prototype)).toEqual(before);
  });

  it("survives invalid messages, and passes them on", async () => {
    const [near, far] = InMemoryTransport.createLinkedPair();
    await toolbox.fill(new McpServer({ name: "librarian", version: "1.0.0" })).connect(far);
    const told: unknown[] = [];
    near.onmessage = (message) => told.push(message);
    const client = new Client({ name: "asker", version: "1.0.0" });
    await client.connect(near);
    const odd = [null, 7, "text", [], {}, { id: {} }, { jsonrpc: "2.0", id: 99, result: {} }];
    told.length = 0;
    for (const message of odd) await far.send(message as unknown as Message);
    expect(told).toEqual(odd);
    await client.callTool({ name: "echo" });
    expect(bench.of("librarian")).toMatchObject({ completedTasks: 1 });
    await client.close();
    expect(bench.said).toEqual([]);
  });

  it("passes on the server's answer if measuring it fails, and logs that once", async () => {
    const failing = () => {
      throw new RangeError("out of order");
    };
    bench.observer.stop();
    bench = new McpBench(protocols, { mcpOperation: failing, mcpSession: failing });
    const client = await connectOne(toolbox);
    expect(await client.callTool("echo")).toMatchObject({ isError: false });
    expect(bench.of("librarian")).toMatchObject({ completedTasks: 1 });
    await client.close();
    expect(new Set(bench.said)).toEqual(
      new Set(["a connection of the MCP SDK could not be observed: RangeError"]),
    );
  });

  it.for(["send", "onclose"] as const)("connects by a transport whose %s can't be replaced", async (key) => {
    const [near, far] = InMemoryTransport.createLinkedPair();
    await toolbox.fill(new McpServer({ name: "librarian", version: "1.0.0" })).connect(far);
    const { send } = near;
    let onclose: (() => void) | undefined;
    const set = (value: () => void): void => {
      if (onclose !== undefined) throw new TypeError("once");
      onclose = value;
    };
    if (key === "send") Object.defineProperty(near, key, { value: send, writable: false });
    else Object.defineProperty(near, key, { get: () => onclose, set });
    const client = new Client({ name: "asker", version: "1.0.0" });
    await client.connect(near);
    await client.callTool({ name: "echo" });
    expect(bench.said).toEqual(["a connection of the MCP SDK could not be observed: TypeError"]);
    expect(bench.agentNames).toEqual(["librarian"]);
    expect(near.send).toBe(send);
    await client.close();
  });

  it("restores a transport when it is closed or could not be started", async () => {
    const [near, far] = InMemoryTransport.createLinkedPair();
    const client = await connectOne(toolbox, undefined, [near, far]);
    expect(Object.hasOwn(near, "send")).toBe(true);
    await client.close();
    expect(Object.hasOwn(near, "send")).toBe(false);
    expect(Object.hasOwn(near, "start")).toBe(false);
    const busy = toolbox.fill(new McpServer({ name: "busy", version: "1.0.0" }));
    const [, first] = InMemoryTransport.createLinkedPair();
    const [, second] = InMemoryTransport.createLinkedPair();
    await busy.connect(first);
    await expect(busy.connect(second)).rejects.toThrow("Already connected");
    expect(Object.getOwnPropertyNames(second)).not.toContain("start");
    await busy.close();
  });

  it("does not count unusual requests of a server to its client as work", async () => {
    const [near, far] = InMemoryTransport.createLinkedPair();
    const server = new McpServer({ name: "librarian", version: "1.0.0" });
    await server.connect(far);
    await new Client({ name: "asker", version: "1.0.0" }).connect(near);
    const asked = { method: "resources/read", params: { uri: "memo://1" } } as never;
    await expect(server.server.request(asked, EmptyResultSchema)).rejects.toMatchObject({ code: -32601 });
    expect(bench.told("client", "resources/read")).toMatchObject([{ errorType: "-32601" }]);
    expect(bench.agentNames).toEqual([]);
    await server.close();
  });

  it("does not affect an agent in spans with the name of a client", async () => {
    const client = await connectOne(toolbox, { client: "planner", server: "librarian" });
    await client.callTool("echo");
    expect(bench.of("planner")).toMatchObject({ completedTasks: 1 });
    expect(bench.frameworkReports.isReported("planner")).toBe(false);
    await client.close();
  });

  it("uses the name of the process for a server without a name", async () => {
    const client = await connectOne(toolbox, { client: "asker", server: "" });
    await client.callTool("echo");
    expect(bench.of("the-process")).toMatchObject({ completedTasks: 1 });
    await client.close();
  });
});
