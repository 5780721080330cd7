import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { expect, it } from "vitest";
import { servedByHttp1 } from "../../src/http/http1.ts";

/** A request that was answered, but for what is given. */
function served(given: { response?: object; socket?: object }) {
  const response = { headersSent: true, statusCode: 201, writableFinished: true, errored: null, _header: "" };
  return servedByHttp1(
    { method: "PUT" } as IncomingMessage,
    { ...response, ...given.response } as unknown as ServerResponse,
    { readableEnded: false, errored: null, ...given.socket } as unknown as Socket,
  );
}

const answered = {
  method: "PUT",
  scheme: "http",
  status: 201,
  ending: "complete",
  contentType: undefined,
  hasLength: false,
};

it("takes method, scheme and status of a request that was answered", () => {
  expect(served({})).toEqual(answered);
  expect(served({ socket: { encrypted: true } })).toEqual({ ...answered, scheme: "https" });
  expect(served({ response: { headersSent: false } })).toEqual({ ...answered, status: undefined });
});

it.each([
  ["HTTP/1.1 200 OK\r\nContent-Type: text/html; a=b\r\nDate: x\r\n\r\n", "text/html; a=b", false],
  ["HTTP/1.1 200 OK\r\ncontent-type:text/html\r\nCONTENT-LENGTH: 3\r\n\r\n", "text/html", true],
  ["HTTP/1.1 200 OK\r\nx-content-type: a\r\nx-content-length: 3\r\n\r\n", undefined, false],
  [undefined, undefined, false],
  [{}, undefined, false],
])("reads in the head %j the type %s, and whether it has a length: %s", (_header, contentType, hasLength) => {
  expect(served({ response: { _header } })).toEqual({ ...answered, contentType, hasLength });
});

const broken = (code?: string) => Object.assign(new Error("no"), { code });

it.each([
  ["the client ended the connection", { readableEnded: true }, null, "left"],
  ["that, and the server gave up too", { readableEnded: true }, broken(), "left"],
  ["the connection was reset", { errored: broken("ECONNRESET") }, null, "left"],
  ["nobody reads any more", { errored: broken("EPIPE") }, null, "left"],
  ["the connection was aborted", { errored: broken("ECONNABORTED") }, null, "left"],
  ["the other end is silent", { errored: broken("ETIMEDOUT") }, null, "left"],
  ["the server destroyed the response", { errored: broken("ECONNRESET") }, broken("ECONNRESET"), "cut off"],
  ["another error", { errored: broken("EACCES") }, null, "cut off"],
  ["an error without a code", { errored: broken() }, null, "cut off"],
  ["no error", {}, null, "cut off"],
])("a response that did not finish, because %s", (_, socket, errored, ending) => {
  expect(served({ socket, response: { writableFinished: false, errored } }).ending).toBe(ending);
  expect(served({ socket, response: { errored } }).ending).toBe("complete");
});
