import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { answer } from "../../src/prometheus/answers.ts";

/** The whole answer to a request with this method, as it is sent. */
async function sent(method: string, ...answered: [number, string, string?]): Promise<string> {
  const server = createServer((_, response) => answer(response, ...answered));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  socket.write(`${method} / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  const all = await text(socket);
  server.close();
  return all.replace(/^Date: .*\r\n/m, "");
}

it("has its type, its length in bytes and its text", async () => {
  expect(await sent("GET", 404, "größer\n")).toBe(
    [
      ...["HTTP/1.1 404 Not Found", "content-type: text/plain; charset=utf-8", "content-length: 9"],
      ...["Connection: close", "", "größer\n"],
    ].join("\r\n"),
  );
});

it("has the same length and no text where the request was HEAD", async () => {
  expect(await sent("HEAD", 200, "{}", "application/json")).toBe(
    [
      ...["HTTP/1.1 200 OK", "content-type: application/json", "content-length: 2"],
      ...["Connection: close", "", ""],
    ].join("\r\n"),
  );
});
