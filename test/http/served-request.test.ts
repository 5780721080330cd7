import { expect, it } from "vitest";
import { attributesOf, type ServedRequest } from "../../src/http/served-request.ts";

const answered: ServedRequest = {
  method: "GET",
  scheme: "http",
  status: 200,
  ending: "complete",
  contentType: "text/plain",
  hasLength: true,
};
const left = { ending: "left", status: undefined } as const;
const cutOff = { ending: "cut off" } as const;
const events = { contentType: "text/event-stream", hasLength: false };
const grpc = { contentType: "application/grpc+proto", hasLength: false };

/** Status, error and mark of a stream, of a request that was answered but for what is given. */
function seen(request: Partial<ServedRequest>): string {
  const of = attributesOf({ ...answered, ...request });
  const stream = of["forecast.stream"] === true ? ", a stream" : "";
  return `${of["http.response.status_code"] ?? "none"}, ${of["error.type"] ?? "no error"}${stream}`;
}

it.each<[Partial<ServedRequest>, string]>([
  [{}, "200, no error"],
  [{ status: undefined }, "none, no error"],
  [{ status: 499 }, "499, no error"],
  [{ status: 500 }, "500, 500"],
  [{ status: 501 }, "501, 501"],
  [{ ...left }, "499, no error"],
  [{ ...left, hasLength: false }, "499, no error"],
  [{ ...left, status: 404 }, "499, no error"],
  [{ ...left, status: 500 }, "500, 500"],
  [{ ...left, status: 200, hasLength: false }, "200, no error, a stream"],
  [{ ...left, status: 503, hasLength: false }, "503, 503, a stream"],
  [{ ...left, ...events }, "none, no error, a stream"],
  [{ ...cutOff }, "none, aborted"],
  [{ ...cutOff, status: 503 }, "none, aborted"],
  [{ ...cutOff, hasLength: false }, "none, aborted"],
  [{ ...cutOff, ...events }, "none, aborted, a stream"],
  [{ hasLength: false }, "200, no error"],
  [{ contentType: undefined, hasLength: false }, "200, no error"],
  [{ method: "CONNECT", contentType: undefined }, "200, no error, a stream"],
  [{ ...grpc, grpcStatus: "0" }, "200, no error"],
  [{ ...grpc, grpcStatus: "1" }, "499, no error"],
  [{ ...grpc, grpcStatus: "1", status: 500 }, "500, 500"],
  [{ ...grpc, grpcStatus: "2" }, "200, UNKNOWN"],
  [{ ...grpc, grpcStatus: "5" }, "200, no error"],
  [{ ...grpc, ...left, status: 200 }, "499, no error, a stream"],
  [{ ...grpc, ...left, status: 200, grpcStatus: "0" }, "200, no error, a stream"],
  [{ ...grpc, ...left, status: 200, contentType: " Application/GRPC" }, "499, no error, a stream"],
  [{ ...grpc, ...left, status: 200, contentType: "application/grpcish" }, "200, no error, a stream"],
  [{ ...grpc, ...left, status: 200, contentType: "text/application/grpc" }, "200, no error, a stream"],
  [{ ...grpc, ...left, status: 200, contentType: undefined }, "200, no error, a stream"],
])("of %j are known: %s", (request, expected) => {
  expect(seen(request)).toBe(expected);
});

it.each([
  ["text/event-stream", true],
  ["multipart/x-mixed-replace; boundary=x", true],
  ["application/x-ndjson", true],
  ["application/jsonl", true],
  ["application/stream+json", true],
  ["Text/Event-Stream ; charset=utf-8", true],
  ["text/plain; a=text/event-stream", false],
  ["text/event-stream-of-mine", false],
  ["application/json", false],
  ["", false],
])("a complete answer of the type %s is marked as a stream: %s", (contentType, mark) => {
  expect(seen({ contentType })).toBe(mark ? "200, no error, a stream" : "200, no error");
});

it("names the methods of the conventions, and the scheme", () => {
  const methods = ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"];
  const named = (method: string | undefined) =>
    attributesOf({ ...answered, method, scheme: "https" })["http.request.method"];
  expect(methods.map(named)).toEqual(methods);
  expect(["get", "PROPFIND", ""].map(named)).toEqual(["_OTHER", "_OTHER", "_OTHER"]);
  expect(named(undefined)).toBe("GET");
  expect(attributesOf({ ...answered, scheme: "https" })["url.scheme"]).toBe("https");
});
