// An MCP server over HTTP that does not import otel-forecast, and a client that calls it.
import { createServer } from "node:http";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { keepAsking } from "./client.mjs";

let requests = 0;
function station() {
  const server = new McpServer({ name: "station", version: "1.0.0" });
  server.registerTool("weather", { description: "The weather here, now" }, async () => {
    requests += 1;
    if (requests % 3 === 0) throw new RangeError("the station does not answer");
    return { content: [{ type: "text", text: "rain" }] };
  });
  return server;
}

// Without sessions, each request has a server of its own.
const http = createServer(async (request, response) => {
  const server = station();
  response.on("close", () => server.close());
  const transport = new StreamableHTTPServerTransport();
  await server.connect(transport);
  await transport.handleRequest(request, response);
});

http.listen(0, "127.0.0.1", () => {
  const { port } = /** @type {import("node:net").AddressInfo} */ (http.address());
  void keepAsking(`http://127.0.0.1:${port}/mcp`);
});
