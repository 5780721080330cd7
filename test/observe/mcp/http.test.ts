import { randomUUID } from "node:crypto";
import {
  Client as ClientOfTwo,
  StreamableHTTPClientTransport as TransportOfTwo,
} from "@modelcontextprotocol/client";
import { Client as ClientOfOne } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportOfOne } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { McpServer as ServerOfOne } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { CreateMessageRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import {
  acceptedContent,
  createMcpHandler,
  inputRequired,
  McpServer as ServerOfTwo,
} from "@modelcontextprotocol/server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually } from "../../eventually.ts";
import { McpBench } from "./bench-of-mcp.ts";
import { type LocalHttp, serveLocally, serveWeb } from "./local-http.ts";
import { type AnyClient, faceOfOne, faceOfTwo, protocols } from "./sdks.ts";
import { Toolbox } from "./toolbox.ts";

let bench: McpBench;
let toolbox: Toolbox;
let http: LocalHttp;
let client: AnyClient;

beforeEach(() => {
  bench = new McpBench(protocols);
  toolbox = new Toolbox();
});
afterEach(async () => {
  await client.close();
  http.close();
  bench.observer.stop();
});

describe("MCP over HTTP with sessions, version 1", () => {
  let transport: TransportOfOne;

  beforeEach(async () => {
    const server = toolbox.fill(new ServerOfOne({ name: "librarian", version: "1.0.0" }));
    server.registerTool("summarise", { description: "asks the client's model" }, async () => {
      const messages = [{ role: "user" as const, content: { type: "text" as const, text: "Sum up." } }];
      const { content } = await server.server.createMessage({ messages, maxTokens: 10 });
      return { content: [{ type: "text", text: JSON.stringify(content) }] };
    });
    const far = new StreamableHTTPServerTransport({ sessionIdGenerator: () => randomUUID() });
    await server.connect(far);
    http = await serveLocally((request, response) => far.handleRequest(request, response));
    const own = new ClientOfOne({ name: "asker", version: "1.0.0" }, { capabilities: { sampling: {} } });
    own.setRequestHandler(CreateMessageRequestSchema, () => ({
      model: "none",
      role: "assistant",
      content: { type: "text", text: "short" },
    }));
    transport = new TransportOfOne(http.url);
    await own.connect(transport);
    client = faceOfOne(own);
  });

  it("shows tasks on both sides, with TCP as the transport", async () => {
    toolbox.failuresLeft = 1;
    await client.callTool("flaky");
    await client.callTool("flaky");
    for (const agent of ["librarian", "asker"])
      expect(bench.of(agent)).toMatchObject({ completedTasks: 1, failedTasks: 1, recoveredFailures: 1 });
    const told = { transport: "tcp", protocolVersion: "2025-11-25" };
    expect(bench.told("client", "tools/call")).toMatchObject([told, told]);
    expect(bench.told("server", "tools/call")).toMatchObject([told, told]);
  });

  it("measures requests of a server to its client on both sides, and not as a task", async () => {
    await client.callTool("summarise");
    expect(bench.told("client", "sampling/createMessage")).toHaveLength(1);
    expect(bench.told("server", "sampling/createMessage")).toHaveLength(1);
    expect(Object.keys(bench.of("asker").byTaskType)).toEqual(["execute_tool summarise"]);
    expect(Object.keys(bench.of("librarian").byTaskType)).toEqual(["execute_tool summarise"]);
  });

  it("counts an abort as cancelled on both sides", async () => {
    const giveUp = new AbortController();
    const hanging = toolbox.hanging();
    const call = client.callTool("hang", { signal: giveUp.signal });
    await hanging;
    giveUp.abort();
    await expect(call).rejects.toThrow();
    await bench.settled("librarian");
    expect(bench.of("asker")).toMatchObject({ cancelledTasks: 1, failedTasks: 0 });
    expect(bench.of("librarian")).toMatchObject({ cancelledTasks: 1, failedTasks: 0 });
  });

  it("measures the session when it is closed", async () => {
    bench.harness.world.millis += 5000;
    await client.close();
    const told = { seconds: 5, protocolVersion: "2025-11-25" };
    expect(bench.sessions).toEqual([{ side: "client", ...told }]);
  });

  it("reports the error of the network", async () => {
    http.close();
    await expect(client.callTool("echo")).rejects.toThrow("fetch failed");
    expect(bench.of("asker")).toMatchObject({ failedTasks: 1, activeTasks: 0 });
    expect(bench.told("client", "tools/call")[0]?.errorType).toMatch(/^(ECONNREFUSED|UND_ERR_SOCKET)$/);
  });
});

describe("MCP over HTTP without sessions, version 2", () => {
  let own: ClientOfTwo;

  beforeEach(async () => {
    const handler = createMcpHandler(() => {
      const server = toolbox.fill(new ServerOfTwo({ name: "librarian", version: "1.0.0" }));
      server.registerTool("ask", { description: "asks back once" }, async ({ mcpReq }) => {
        const answer = acceptedContent(mcpReq.inputResponses, "name");
        if (answer !== undefined) return { content: [{ type: "text", text: "done" }] };
        const question = { message: "Who?", requestedSchema: { type: "object", properties: {} } } as const;
        return inputRequired({ inputRequests: { name: inputRequired.elicit(question) } });
      });
      return server;
    });
    http = await serveLocally(serveWeb((request) => handler.fetch(request)));
    own = new ClientOfTwo(
      { name: "asker", version: "1.0.0" },
      { capabilities: { elicitation: {} }, versionNegotiation: { mode: "auto" } },
    );
    own.setRequestHandler("elicitation/create", async () => ({ action: "accept", content: {} }));
    await own.connect(new TransportOfTwo(http.url));
    client = faceOfTwo(own);
  });

  it("shows tasks on both sides of connections that live for one request", async () => {
    toolbox.failuresLeft = 1;
    await client.callTool("flaky");
    await client.callTool("flaky");
    for (const agent of ["librarian", "asker"])
      expect(bench.of(agent)).toMatchObject({ completedTasks: 1, failedTasks: 1, recoveredFailures: 1 });
    const told = { transport: "tcp", protocolVersion: "2026-07-28" };
    expect(bench.told("server", "tools/call")).toMatchObject([told, told]);
    expect(bench.sessions).toEqual([]);
  });

  it("counts an abort as cancelled that only the end of the stream shows", async () => {
    const giveUp = new AbortController();
    const hanging = toolbox.hanging();
    const call = client.callTool("hang", { signal: giveUp.signal });
    await hanging;
    giveUp.abort();
    await expect(call).rejects.toThrow();
    await bench.settled("librarian");
    expect(bench.of("asker")).toMatchObject({ cancelledTasks: 1, failedTasks: 0 });
    expect(bench.of("librarian")).toMatchObject({ cancelledTasks: 1, failedTasks: 0 });
    expect(bench.told("client", "notifications/cancelled")).toEqual([]);
  });

  it("distinguishes a time limit from an abort, though the messages do not", async () => {
    await expect(client.callTool("hang", { timeout: 50 })).rejects.toThrow("timed out");
    await bench.settled("librarian");
    expect(bench.of("asker")).toMatchObject({ cancelledTasks: 0, failedTasks: 1 });
    expect(bench.told("client", "tools/call")).toMatchObject([{ errorType: "timeout" }]);
  });

  it("counts each round of a call that the server answers with a question", async () => {
    await client.callTool("ask");
    expect(bench.of("librarian")).toMatchObject({ completedTasks: 2, failedTasks: 0, activeTasks: 0 });
    expect(bench.of("asker")).toMatchObject({ completedTasks: 2, failedTasks: 0, activeTasks: 0 });
  });

  it("does not count connections of one request as sessions", async () => {
    const old = new ClientOfTwo(
      { name: "old", version: "1.0.0" },
      { versionNegotiation: { mode: "legacy" } },
    );
    await old.connect(new TransportOfTwo(http.url));
    await old.callTool({ name: "echo" });
    await old.close();
    expect(bench.of("old")).toMatchObject({ completedTasks: 1 });
    expect(bench.of("librarian")).toMatchObject({ completedTasks: 1 });
    expect(bench.told("server", "initialize")).toHaveLength(1);
    expect(bench.sessions).toEqual([]);
  });

  it("does not wait for the end of a subscription", async () => {
    const subscription = await own.listen({ toolsListChanged: true });
    expect(bench.told("client", "subscriptions/listen")).toEqual([]);
    await subscription.close();
    await eventually(() => expect(bench.told("client", "notifications/cancelled")).toHaveLength(1));
    expect(bench.told("client", "subscriptions/listen")).toEqual([]);
    expect(bench.agentNames).toEqual([]);
  });
});
