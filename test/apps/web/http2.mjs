// A server and a client of HTTP/2. One request is answered, and one is left by the client.
import { once } from "node:events";
import { connect, createServer } from "node:http2";
import { seen } from "./shared/seen.mjs";

const server = createServer((request, response) => {
  if (request.url === "/left") request.stream.once("close", () => server.emit("left"));
  else response.end("ok");
}).listen(0, "127.0.0.1");
await once(server, "listening");
const client = connect(`http://127.0.0.1:${server.address().port}`);
const answered = client.request({ ":path": "/" }).resume();
const [headers] = await once(answered, "response");
const left = client.request({ ":path": "/left" });
setImmediate(() => left.close(8));
await once(server, "left");
console.log(headers[":status"]);
await seen();
client.close();
server.close();
