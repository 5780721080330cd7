import { describe, expect, it } from "vitest";
import { endingOfError, endingOfErrorName } from "../../src/agents/error-policy.ts";
import { classOrCode } from "../../src/core/error-name.ts";

describe("the type of an error is its class or its code", () => {
  it.each([
    "RangeError",
    "AI_NoSuchToolError",
    "asyncio.InvalidStateError",
    "Net::ReadTimeout",
    "Illuminate\\Database\\QueryException",
    "ECONNREFUSED",
    "ERR_HTTP2_STREAM_ERROR",
    "P2002",
    "E11000",
    "42P01",
    "ORA-00942",
    "0x80070005",
    "429",
    "-32602",
    "rate_limit_exceeded",
    "auth/user-not-found",
    "tool_error",
    "other",
  ])("%s", (name) => {
    expect(classOrCode(name)).toBe(name);
    expect(endingOfErrorName(name)).toEqual({ outcome: "failure", errorType: name });
  });

  it.each([
    ["ValueError: no user alice", "ValueError"],
    ["java.net.ConnectException: connection to 10.0.0.7 refused", "java.net.ConnectException"],
    [`RangeError: ${"x".repeat(10_000)}`, "RangeError"],
  ])("or the class in front of a message: %s", (text, errorType) => {
    expect(classOrCode(text)).toBe(errorType);
  });
});

const MESSAGES = [
  "No user 0 (token sk-0)",
  "alice: not found",
  "alice@example.com",
  "connection refused",
  "sk-live-51H8xKj2eZvKYlo2C",
  "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
  "550e8400-e29b-41d4-a716-446655440000",
  "user_8423901",
  "Error 4711 of order 12",
  "/home/alice/key.pem",
  "two\nlines",
  "x".repeat(1_000_000),
  "a.".repeat(100_000),
  "",
];

describe("a message, an id or a key is no type of an error", () => {
  it.each(MESSAGES)("%#", (text) => {
    expect(classOrCode(text)).toBeUndefined();
    expect(endingOfErrorName(text)).toEqual({ outcome: "failure", errorType: "unknown" });
  });

  it.each(MESSAGES)("as the name of an error, where its class is used instead: %#", (name) => {
    class QuotaExceeded extends Error {}
    const error = Object.assign(new QuotaExceeded("x"), { name });
    expect(endingOfError(error)).toEqual({ outcome: "failure", errorType: "QuotaExceeded" });
  });

  it("as a code, where the name is used instead", () => {
    const error = Object.assign(new TypeError("x"), { code: "USER_8423901" });
    expect(endingOfError(error)).toEqual({ outcome: "failure", errorType: "TypeError" });
  });
});
