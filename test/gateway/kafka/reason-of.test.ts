import { expect, it } from "vitest";
import { reasonOf } from "../../../src/gateway/kafka/reason-of.ts";

const refused = new Error("connect ECONNREFUSED 127.0.0.1:9092");

it.each([
  ["the only one", refused],
  ["the cause", new Error("Connection failed", { cause: refused })],
  ["the first of several", new AggregateError([refused, new Error("another")], "failed 2 times")],
  ["the first of several causes", new Error("Connection failed", { cause: [refused] })],
  [
    "the cause of one of several",
    new AggregateError([new Error("Cannot connect to any broker", { cause: refused })], "failed 1 times"),
  ],
])("finds %s", (_, error) => {
  expect(reasonOf(error)).toBe("connect ECONNREFUSED 127.0.0.1:9092");
});

it("has no full stop and no line break at its end", () => {
  expect(reasonOf(new Error("SASL authentication failed."))).toBe("SASL authentication failed");
  expect(reasonOf(new Error("SSL alert number 46\n"))).toBe("SSL alert number 46");
});

it("takes what is no error as it is, and ends with errors in a circle", () => {
  expect(reasonOf("gone")).toBe("gone");
  const circle = new Error("round");
  circle.cause = circle;
  expect(reasonOf(circle)).toBe("round");
});
