import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

/** Calls the weather tool of a server ten times a second. Retries at once if that fails. */
export async function keepAsking(url) {
  const client = new Client({ name: "passer-by", version: "1.0.0" });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  let questions = 0;
  setInterval(async () => {
    questions += 1;
    let answer = await client.callTool({ name: "weather" });
    if (answer.isError) answer = await client.callTool({ name: "weather" });
    const [{ text }] = /** @type {{ text: string }[]} */ (answer.content);
    if (questions < 3) console.log(`The station says: ${text}.`);
  }, 100);
}
