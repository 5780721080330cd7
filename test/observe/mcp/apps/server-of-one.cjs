const { McpServer } = require("@modelcontextprotocol/sdk/server/mcp.js");
const { StdioServerTransport } = require("@modelcontextprotocol/sdk/server/stdio.js");

const server = new McpServer({ name: "cjs-1", version: "1.0.0" });
server.registerTool("echo", {}, async () => ({ content: [{ type: "text", text: "echo" }] }));
server.connect(new StdioServerTransport());
