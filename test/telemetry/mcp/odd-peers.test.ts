import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { Protocol } from "@modelcontextprotocol/sdk/shared/protocol.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ProtocolClass } from "../../../src/telemetry/mcp/mcp-observer.ts";
import { McpBench } from "./bench-of-mcp.ts";
import { protocols, sdks } from "./sdks.ts";
import { Toolbox } from "./toolbox.ts";

type Message = Parameters<NonNullable<InMemoryTransport["onmessage"]>>[0];
type Connect = (this: unknown, transport: unknown) => Promise<void>;

const [one] = sdks;
const connectOne = one?.connect ?? expect.unreachable("no SDK");

describe("what is odd about an MCP connection", () => {
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

  it("survives messages that are none", async () => {
    const [near, far] = InMemoryTransport.createLinkedPair();
    const client = await connectOne(toolbox, undefined, [near, far]);
    const odd = [null, 7, "text", [], {}, { id: {} }, { jsonrpc: "2.0", id: 99, result: {} }];
    const told: unknown[] = [];
    const inner = near.onmessage;
    near.onmessage = (message) => told.push(message);
    for (const message of odd) await far.send(message as unknown as Message);
    if (inner !== undefined) near.onmessage = inner;
    expect(told).toEqual(odd);
    await client.callTool("echo");
    expect(bench.of("librarian")).toMatchObject({ completedTasks: 1 });
    await client.close();
    expect(bench.said).toEqual([]);
  });

  it("hands the server's answer on where measuring it fails, and says so once", async () => {
    const failing = () => {
      throw new RangeError("out of order");
    };
    bench.observer.stop();
    bench = new McpBench(protocols, { mcpOperation: failing, mcpSession: failing });
    const client = await connectOne(toolbox);
    expect(await client.callTool("echo")).toMatchObject({ isError: false });
    await client.close();
    expect(new Set(bench.said)).toEqual(
      new Set(["a connection of the MCP SDK could not be observed: RangeError"]),
    );
  });

  it("connects by a transport that does not let itself be looked at", async () => {
    const [near, far] = InMemoryTransport.createLinkedPair();
    const frozen = Object.freeze({ ...near, start: () => near.start() });
    const client = new Client({ name: "asker", version: "1.0.0" });
    await expect(client.connect(frozen as unknown as InMemoryTransport)).rejects.toThrow(TypeError);
    expect(bench.said).toEqual(["a connection of the MCP SDK could not be observed: TypeError"]);
    await far.close();
  });

  it("leaves a transport as it was, once it is closed or could not be started", async () => {
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

  it("sees a connection through that others look at too, before us and after us", async () => {
    const seen: string[] = [];
    const [near, far] = InMemoryTransport.createLinkedPair();
    far.onmessage = () => seen.push("before");
    const client = await connectOne(toolbox, undefined, [near, far]);
    const { onmessage, send } = far;
    far.onmessage = (message, extra) => {
      seen.push("after");
      onmessage?.(message, extra);
    };
    far.send = (message, options) => {
      seen.push("answer");
      return send.call(far, message, options);
    };
    seen.length = 0;
    await client.callTool("echo");
    expect(seen).toEqual(["after", "before", "answer"]);
    expect(bench.of("librarian")).toMatchObject({ completedTasks: 1 });
    await client.close();
    expect(bench.of("librarian")).toMatchObject({ activeTasks: 0 });
  });

  it("undoes what it did to the classes, unless somebody has wrapped them since", () => {
    const prototype = Protocol.prototype as unknown as { connect: Connect };
    const ours = prototype.connect;
    bench.observer.stop();
    const theirs = prototype.connect;
    expect(theirs).not.toBe(ours);
    bench.observer.join(Protocol as unknown as ProtocolClass);
    const wrapped = prototype.connect;
    prototype.connect = function (transport) {
      return wrapped.call(this, transport);
    };
    const foreign = prototype.connect;
    bench.observer.stop();
    expect(prototype.connect).toBe(foreign);
    prototype.connect = theirs;
  });

  it("counts a request once for each of two who observe", async () => {
    const other = new McpBench(protocols);
    const client = await connectOne(toolbox);
    await client.callTool("echo");
    expect(bench.of("librarian")).toMatchObject({ completedTasks: 1 });
    expect(other.of("librarian")).toMatchObject({ completedTasks: 1 });
    bench.observer.stop();
    await client.callTool("echo");
    expect(bench.of("librarian")).toMatchObject({ completedTasks: 1 });
    expect(other.of("librarian")).toMatchObject({ completedTasks: 2 });
    await client.close();
    other.observer.stop();
  });

  it("gives a server without a name that of the process", async () => {
    const client = await connectOne(toolbox, { client: "asker", server: "" });
    await client.callTool("echo");
    expect(bench.of("the-process")).toMatchObject({ completedTasks: 1 });
    await client.close();
  });
});
