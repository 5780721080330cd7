import { McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";

serveStdio(() => {
  const server = new McpServer({ name: "esm-2", version: "1.0.0" });
  server.registerTool("echo", {}, async () => ({ content: [{ type: "text", text: "echo" }] }));
  return server;
});
