const { McpServer } = require("@modelcontextprotocol/server");
const { serveStdio } = require("@modelcontextprotocol/server/stdio");

serveStdio(() => {
  const server = new McpServer({ name: "cjs-2", version: "1.0.0" });
  server.registerTool("echo", {}, async () => ({ content: [{ type: "text", text: "echo" }] }));
  return server;
});
