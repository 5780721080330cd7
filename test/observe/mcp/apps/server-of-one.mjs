import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";

const server = new McpServer({ name: "esm-1", version: "1.0.0" });
server.registerTool("echo", {}, async () => ({ content: [{ type: "text", text: "echo" }] }));
await server.connect(new StdioServerTransport());
