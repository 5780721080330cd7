import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { Protocol } from "@modelcontextprotocol/sdk/shared/protocol.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ProtocolClass } from "../../../src/observe/mcp/mcp-observer.ts";
import { McpBench } from "./bench-of-mcp.ts";
import { protocols, sdks } from "./sdks.ts";
import { Toolbox } from "./toolbox.ts";

type Connect = (this: unknown, transport: unknown) => Promise<void>;

const [one] = sdks;
const connectOne = one?.connect ?? expect.unreachable("no SDK");

describe("an MCP connection that others replace methods of", () => {
  let bench: McpBench;
  let toolbox: Toolbox;

  beforeEach(() => {
    bench = new McpBench(protocols);
    toolbox = new Toolbox();
  });
  afterEach(() => bench.observer.stop());

  it("observes a connection that others observe too, before and after", async () => {
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

  it("restores the classes, unless others have wrapped them since", () => {
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

  it("counts a request once for each of two observers", async () => {
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

  it("counts a transport once that two clients share", async () => {
    const [near, far] = InMemoryTransport.createLinkedPair();
    const client = await connectOne(toolbox, undefined, [near, far]);
    const other = new Client({ name: "other", version: "1.0.0" });
    await other.connect(near);
    await other.ping();
    expect(bench.told("client", "ping")).toHaveLength(1);
    await client.close();
  });
});
