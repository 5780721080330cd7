import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

/** Asks a server for the weather ten times a second, and again at once when that failed. */
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
