import { randomUUID } from "node:crypto";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { expect, it } from "vitest";
import { eventually } from "../../eventually.ts";
import { HttpBench, type Point } from "../../http/bench-of-http.ts";
import { serveLocally } from "./local-http.ts";
import { Toolbox } from "./toolbox.ts";

it("a healthy MCP server has no errors when its clients leave, and their streams have no latency", async () => {
  const bench = new HttpBench();
  bench.observer.start();
  const far = new StreamableHTTPServerTransport({ sessionIdGenerator: () => randomUUID() });
  await new Toolbox().fill(new McpServer({ name: "librarian", version: "1.0.0" })).connect(far);
  const http = await serveLocally((request, response) => far.handleRequest(request, response));
  const client = new Client({ name: "asker", version: "1.0.0" });
  await client.connect(new StreamableHTTPClientTransport(http.url));
  for (let call = 0; call < 3; call += 1) await client.callTool({ name: "echo" });
  await client.close();

  const points: Point[] = [];
  await eventually(async () => {
    points.push(...(await bench.collected()));
    expect(points.map(({ labels }) => labels["http.request.method"])).toContain("GET");
  });
  expect(points.filter(({ labels }) => labels["error.type"] !== undefined)).toEqual([]);
  const [listening] = points.filter(({ labels }) => labels["http.request.method"] === "GET");
  expect(listening?.labels).toMatchObject({ "http.response.status_code": "200", "forecast.stream": "true" });
  http.close();
  bench.observer.stop();
});
