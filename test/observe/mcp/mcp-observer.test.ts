import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { McpBench } from "./bench-of-mcp.ts";
import { type AnyClient, protocols, sdks } from "./sdks.ts";
import { Toolbox } from "./toolbox.ts";

describe.for(sdks)("MCP, $title", ({ connect, protocolVersion }) => {
  let bench: McpBench;
  let toolbox: Toolbox;
  let client: AnyClient;

  beforeEach(async () => {
    bench = new McpBench(protocols);
    toolbox = new Toolbox();
    client = await connect(toolbox);
  });
  afterEach(async () => {
    await client.close();
    bench.observer.stop();
  });

  const both = (wanted: object): void => {
    expect(bench.of("librarian")).toMatchObject(wanted);
    expect(bench.of("asker")).toMatchObject(wanted);
  };

  it("shows a server and a client as agents, and a tool call as a task of each", async () => {
    await client.callTool("echo");
    both({ completedTasks: 1, failedTasks: 0, activeTasks: 0, taskSuccessRate: 1 });
    expect(Object.keys(bench.of("librarian").byTaskType)).toEqual(["execute_tool echo"]);
    const told = { method: "tools/call", toolName: "echo", protocolVersion };
    expect(bench.told("client", "tools/call")).toEqual([expect.objectContaining(told)]);
    expect(bench.told("server", "tools/call")).toEqual([expect.objectContaining(told)]);
    expect(bench.operations.filter((it) => "errorType" in it)).toEqual([]);
  });

  it("counts prompts and resources as tasks, and nothing else", async () => {
    await client.getPrompt("greet");
    await client.readResource("memo://secret");
    await client.listTools();
    both({ completedTasks: 2 });
    expect(Object.keys(bench.of("librarian").byTaskType).toSorted()).toEqual([
      "prompts/get",
      "resources/read",
    ]);
    expect(bench.told("server", "prompts/get")).toMatchObject([{ promptName: "greet" }]);
    expect(bench.told("server", "tools/list")).toHaveLength(1);
    expect(JSON.stringify(bench.operations)).not.toContain("secret");
  });

  it.for(["flaky", "brittle"])("counts the failure of the tool %s, and its recovery", async (tool) => {
    toolbox.failuresLeft = 2;
    for (let call = 1; call <= 2; call += 1)
      expect(await client.callTool(tool)).toMatchObject({ isError: true });
    both({ failedTasks: 2, completedTasks: 0, openFailures: [{ failureType: `execute_tool ${tool}` }] });
    bench.harness.world.millis += 3000;
    await client.callTool(tool);
    both({
      failedTasks: 2,
      completedTasks: 1,
      recoveredFailures: 1,
      openFailures: [],
      averageRecoveryTime: 3,
    });
    expect(bench.told("client", "tools/call").map((it) => it.errorType)).toEqual([
      "tool_error",
      "tool_error",
      undefined,
    ]);
  });

  it("names an error of the protocol by its code", async () => {
    await expect(client.getPrompt("nothing")).rejects.toMatchObject({ code: -32602 });
    both({ failedTasks: 1, completedTasks: 0 });
    const told = { errorType: "-32602", statusCode: "-32602", promptName: "nothing" };
    expect(bench.told("server", "prompts/get")).toMatchObject([told]);
    expect(bench.told("client", "prompts/get")).toMatchObject([told]);
  });

  it("counts a request that the client aborts as cancelled on both sides", async () => {
    const giveUp = new AbortController();
    const hanging = toolbox.hanging();
    const call = client.callTool("hang", { signal: giveUp.signal });
    await hanging;
    both({ activeTasks: 1 });
    giveUp.abort();
    await expect(call).rejects.toThrow("abort");
    await bench.settled("librarian");
    both({ activeTasks: 0, cancelledTasks: 1, failedTasks: 0, openFailures: [] });
    expect(bench.told("client", "tools/call")).toMatchObject([{ errorType: "cancelled" }]);
    expect(bench.told("server", "tools/call")).toMatchObject([{ errorType: "cancelled" }]);
  });

  it("counts a time limit that ran out as a failure of the client", async () => {
    await expect(client.callTool("hang", { timeout: 1 })).rejects.toThrow();
    await bench.settled("librarian");
    expect(bench.of("asker")).toMatchObject({ failedTasks: 1, cancelledTasks: 0 });
    expect(bench.of("librarian")).toMatchObject({ failedTasks: 0, cancelledTasks: 1 });
    expect(bench.told("client", "tools/call")).toMatchObject([{ errorType: "timeout" }]);
  });

  it("counts a time limit of the caller's signal as a failure of the client", async () => {
    const limit = new AbortController();
    const hanging = toolbox.hanging();
    const call = client.callTool("hang", { signal: limit.signal });
    await hanging;
    limit.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError"));
    await expect(call).rejects.toThrow();
    expect(bench.of("asker")).toMatchObject({ failedTasks: 1, cancelledTasks: 0 });
    expect(bench.told("client", "tools/call")).toMatchObject([{ errorType: "timeout" }]);
  });

  it("ends what is open when the connection closes", async () => {
    const hanging = toolbox.hanging();
    const call = client.callTool("hang");
    await hanging;
    const rejected = expect(call).rejects.toThrow("Connection closed");
    await client.close();
    await rejected;
    await bench.settled("librarian");
    expect(bench.of("asker")).toMatchObject({ failedTasks: 1, activeTasks: 0 });
    expect(bench.of("librarian")).toMatchObject({ cancelledTasks: 1, failedTasks: 0 });
    expect(bench.told("client", "tools/call")).toMatchObject([{ errorType: "connection_closed" }]);
  });

  it("keeps two servers apart, and two concurrent requests", async () => {
    const other = await connect(toolbox, { client: "asker", server: "archivist" });
    toolbox.failuresLeft = 1;
    const hanging = toolbox.hanging();
    const giveUp = new AbortController();
    const call = client.callTool("hang", { signal: giveUp.signal });
    await hanging;
    await Promise.all([client.callTool("echo"), other.callTool("flaky")]);
    expect(bench.of("librarian")).toMatchObject({ completedTasks: 1, activeTasks: 1, failedTasks: 0 });
    expect(bench.of("archivist")).toMatchObject({ completedTasks: 0, activeTasks: 0, failedTasks: 1 });
    expect(bench.of("asker")).toMatchObject({ completedTasks: 1, activeTasks: 1, failedTasks: 1 });
    giveUp.abort();
    await expect(call).rejects.toThrow();
    await other.close();
  });

  it("leaves a client's call of a tool to the framework that has it open", async () => {
    const endTool = bench.work.begin("researcher").toolStarts("echo");
    await client.callTool("echo");
    endTool("success");
    expect(bench.agentNames).toEqual(["librarian", "researcher"]);
    expect(bench.told("client", "tools/call")).toHaveLength(1);
    await client.callTool("echo");
    expect(bench.of("asker")).toMatchObject({ completedTasks: 1 });
  });

  it("is not observed after the stop, open connections included", async () => {
    bench.observer.stop();
    const before = bench.operations.length;
    await client.callTool("echo");
    const other = await connect(toolbox);
    await other.callTool("echo");
    await other.close();
    expect(bench.agentNames).toEqual([]);
    expect(bench.operations).toHaveLength(before);
  });
});
