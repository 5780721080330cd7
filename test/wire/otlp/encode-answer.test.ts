import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeResponse, encodeStatus } from "../../../src/wire/otlp/encode-answer.ts";
import { ExportResult } from "../../../src/wire/otlp/export-result.ts";
import { ExportResponse, RpcStatus } from "./otlp-messages.ts";

function resultOf(noTime: number, noValue: number): ExportResult {
  const result = new ExportResult();
  for (let times = 0; times < noTime; times += 1) result.reject("no_time");
  for (let times = 0; times < noValue; times += 1) result.reject("no_value");
  return result;
}

const read = (bytes: Uint8Array): object =>
  ExportResponse.toObject(ExportResponse.decode(bytes), { longs: String });

describe("the response to a request", () => {
  it("is empty if all points were taken", () => {
    expect(encodeResponse(resultOf(0, 0), "protobuf")).toHaveLength(0);
    expect(encodeResponse(resultOf(0, 0), "json").toString()).toBe("{}");
  });

  it("tells how many points were rejected, and why", () => {
    const partialSuccess = {
      rejectedDataPoints: "302",
      errorMessage: "2 x the point has no time; 300 x the point has no value",
    };
    expect(read(encodeResponse(resultOf(2, 300), "protobuf"))).toEqual({ partialSuccess });
    expect(JSON.parse(encodeResponse(resultOf(2, 300), "json").toString())).toEqual({ partialSuccess });
  });
});

describe("the status of a refused request", () => {
  it("is a google.rpc.Status, for any message", () => {
    fc.assert(
      fc.property(fc.nat(16), fc.string({ unit: "grapheme" }), (code, message) => {
        const status = RpcStatus.decode(encodeStatus({ code, message }, "protobuf"));
        expect(RpcStatus.toObject(status, { defaults: true })).toEqual({ code, message, details: [] });
        expect(JSON.parse(encodeStatus({ code, message }, "json").toString())).toEqual({ code, message });
      }),
    );
  });

  it("tells when to try again, if that helps", () => {
    const status = { code: 14, message: "busy", retryAfterSeconds: 200 };
    const decoded = RpcStatus.decode(encodeStatus(status, "protobuf"));
    expect(RpcStatus.toObject(decoded, { bytes: String })).toEqual({
      code: 14,
      message: "busy",
      // RetryInfo has a Duration as its field 1, whose field 1 is the seconds: 0a 03 08 c8 01.
      details: [{ typeUrl: "type.googleapis.com/google.rpc.RetryInfo", value: "CgMIyAE=" }],
    });
    expect(JSON.parse(encodeStatus(status, "json").toString())).toEqual({
      code: 14,
      message: "busy",
      details: [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "200s" }],
    });
  });
});
