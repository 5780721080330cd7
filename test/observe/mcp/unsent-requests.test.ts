import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport as StdioOfTwo } from "@modelcontextprotocol/client/stdio";
import { Client as ClientOfOne } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as StdioOfOne } from "@modelcontextprotocol/sdk/client/stdio.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { EmptyResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { McpBench } from "./bench-of-mcp.ts";
import { faceOfOne, faceOfTwo, protocols, sdks } from "./sdks.ts";
import { Toolbox } from "./toolbox.ts";

const self = { name: "asker", version: "1.0.0" };

let bench: McpBench;
let toolbox: Toolbox;

beforeEach(() => {
  bench = new McpBench(protocols);
  toolbox = new Toolbox();
});
afterEach(() => bench.observer.stop());

describe.for(sdks)("a request that MCP clients of $title do not send", ({ connect }) => {
  it("has failed if the server has gone, until a request works again", async () => {
    const [near, far] = InMemoryTransport.createLinkedPair();
    const client = await connect(toolbox, undefined, [near, far]);
    await far.close();
    for (let call = 1; call <= 2; call += 1)
      await expect(client.callTool("echo")).rejects.toThrow("Not connected");
    expect(bench.of("asker")).toMatchObject({
      failedTasks: 2,
      completedTasks: 0,
      activeTasks: 0,
      openFailures: [{ failureType: "execute_tool echo" }],
    });
    const told = { errorType: "connection_closed", toolName: "echo" };
    expect(bench.told("client", "tools/call")).toMatchObject([told, told]);
    expect(bench.agentNames).toEqual(["asker"]);
    const again = await connect(toolbox);
    await again.callTool("echo");
    expect(bench.of("asker")).toMatchObject({ completedTasks: 1, recoveredFailures: 1, openFailures: [] });
    await again.close();
  });

  it("has failed if the transport can't send it, with the error that the caller gets", async () => {
    const [near, far] = InMemoryTransport.createLinkedPair();
    const send = near.send.bind(near);
    const failed = new RangeError("can't send");
    near.send = async (message, options) => {
      if ("method" in message && message.method === "tools/call") throw failed;
      await send(message, options);
    };
    const client = await connect(toolbox, undefined, [near, far]);
    await expect(client.callTool("echo")).rejects.toBe(failed);
    expect(bench.of("asker")).toMatchObject({ failedTasks: 1, completedTasks: 0, activeTasks: 0 });
    expect(bench.told("client", "tools/call")).toMatchObject([{ errorType: "RangeError" }]);
    await client.close();
  });

  it("is cancelled if its caller had aborted before, and fails if its time limit had run out", async () => {
    const client = await connect(toolbox);
    await expect(client.callTool("echo", { signal: AbortSignal.abort() })).rejects.toThrow();
    const late = AbortSignal.abort(new DOMException("too late", "TimeoutError"));
    await expect(client.callTool("echo", { signal: late })).rejects.toThrow();
    expect(bench.of("asker")).toMatchObject({ cancelledTasks: 1, failedTasks: 1, completedTasks: 0 });
    expect(bench.told("client", "tools/call").map((it) => it.errorType)).toEqual(["cancelled", "timeout"]);
    await client.close();
  });

  it("belongs to the framework if its tool is open", async () => {
    const client = await connect(toolbox);
    await client.close();
    const endTool = bench.work.begin("researcher").toolStarts("echo");
    await expect(client.callTool("echo")).rejects.toThrow("Not connected");
    endTool("failure", "Error");
    expect(bench.agentNames).toEqual(["researcher"]);
    expect(bench.told("client", "tools/call")).toMatchObject([{ errorType: "connection_closed" }]);
  });

  it("is counted once if it failed while it waited", async () => {
    const client = await connect(toolbox);
    const hanging = toolbox.hanging();
    const rejected = expect(client.callTool("hang")).rejects.toThrow("Connection closed");
    await hanging;
    await client.close();
    await rejected;
    expect(bench.of("asker")).toMatchObject({ failedTasks: 1 });
    expect(bench.told("client", "tools/call")).toHaveLength(1);
  });

  it("is not recorded on a connection that was opened before the observer started", async () => {
    bench.observer.stop();
    const client = await connect(toolbox);
    bench = new McpBench(protocols);
    const hanging = toolbox.hanging();
    const rejected = expect(client.callTool("hang")).rejects.toThrow("Connection closed");
    await hanging;
    await client.close();
    await rejected;
    expect(bench.operations).toEqual([]);
    expect(bench.agentNames).toEqual([]);
  });
});

describe("a request that is not sent", () => {
  it("is recorded with the SDK's error if it is not allowed", async () => {
    const [near, far] = InMemoryTransport.createLinkedPair();
    await new McpServer({ name: "bare", version: "1.0.0" }).connect(far);
    const client = new ClientOfOne(self, { enforceStrictCapabilities: true });
    await client.connect(near);
    await expect(client.getPrompt({ name: "greet" })).rejects.toThrow("does not support prompts");
    expect(bench.told("client", "prompts/get")).toMatchObject([{ promptName: "greet", errorType: "Error" }]);
    expect(bench.of("asker")).toMatchObject({ failedTasks: 1 });
    await client.close();
  });

  it("still throws at once if the SDK does", () => {
    const client = new Client(self);
    expect(() => client.request({ method: "made/up" } as never)).toThrow("is not a spec method");
    expect(bench.told("client", "made/up")).toHaveLength(1);
    expect(bench.agentNames).toEqual([]);
  });

  it("is no work of a server that asks its client", async () => {
    const server = new McpServer({ name: "librarian", version: "1.0.0" });
    const asked = server.server.request({ method: "tools/call" } as never, EmptyResultSchema);
    await expect(asked).rejects.toThrow("Not connected");
    expect(bench.told("client", "tools/call")).toHaveLength(1);
    expect(bench.agentNames).toEqual([]);
  });

  it("is not a request whose answer the client could not read", async () => {
    const [near, far] = InMemoryTransport.createLinkedPair();
    await toolbox.fill(new McpServer({ name: "librarian", version: "1.0.0" })).connect(far);
    const client = new ClientOfOne(self);
    await client.connect(near);
    const call = { method: "tools/call", params: { name: "echo" } } as const;
    await expect(client.request(call, z.object({ odd: z.string() }))).rejects.toThrow();
    expect(bench.of("asker")).toMatchObject({ completedTasks: 1, failedTasks: 0 });
    expect(bench.told("client", "tools/call")).toHaveLength(1);
    await client.close();
  });

  it.for([
    ["version 1", (from: object) => new ClientOfOne(self).connect(new StdioOfOne(from as never))],
    ["version 2", (from: object) => new Client(self).connect(new StdioOfTwo(from as never))],
  ] as const)("is `initialize` where the server of a client of %s does not start", async ([, connect]) => {
    await expect(connect({ command: "/no/such/server" })).rejects.toThrow("ENOENT");
    expect(bench.told("client", "initialize")).toMatchObject([{ errorType: "ENOENT" }]);
    expect(bench.agentNames).toEqual([]);
  });

  it("is not recorded as `initialize` if a server does not start", async () => {
    const [, far] = InMemoryTransport.createLinkedPair();
    far.start = () => Promise.reject(new RangeError("no port"));
    await expect(new McpServer(self).connect(far)).rejects.toThrow("no port");
    expect(bench.operations).toEqual([]);
  });

  it.for([
    ["version 1", () => faceOfOne(new ClientOfOne(self))],
    ["version 2", () => faceOfTwo(new Client(self))],
  ] as const)(
    "may be of a client of %s that never connected, and is not seen after the stop",
    async ([, make]) => {
      await expect(make().callTool("echo")).rejects.toThrow("Not connected");
      expect(bench.of("asker")).toMatchObject({ failedTasks: 1 });
      bench.observer.stop();
      await expect(make().callTool("echo")).rejects.toThrow("Not connected");
      expect(bench.of("asker")).toMatchObject({ failedTasks: 1 });
    },
  );
});
