const { Client, InMemoryTransport } = require("@modelcontextprotocol/client");
const { McpServer } = require("@modelcontextprotocol/server");

const [near, far] = InMemoryTransport.createLinkedPair();
const server = new McpServer({ name: "inner", version: "1.0.0" });
server.registerTool("echo", {}, async () => ({ content: [{ type: "text", text: "echo" }] }));
const client = new Client({ name: "cjs-client", version: "1.0.0" });
server
  .connect(far)
  .then(() => client.connect(near))
  .then(() => client.callTool({ name: "echo" }))
  .then(() => client.close());
