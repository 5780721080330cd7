import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { DiagLogLevel, diag } from "@opentelemetry/api";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type RemoteWriteReceiverOptions,
  remoteWriteReceiver,
} from "../../../src/gateway/receivers/remote-write.ts";
import { compressed } from "../../../src/wire/remote/snappy.ts";
import { eventually } from "../../eventually.ts";
import { bytesOf, field, textField, withFlippedBits } from "../../wire/remote/bytes-of.ts";
import { HEADERS, type Served, serve } from "../remote/served.ts";
import { RecordedIntake } from "./recorded-intake.ts";
import { requestOf } from "./written.ts";

const warn = vi.fn();
const observer = { received: vi.fn(), refused: vi.fn(), dropped: vi.fn() };
const UP = compressed(requestOf({ 'up{job="a"}': { 1000: 1 } }));

let intake: RecordedIntake;
let served: Served;

async function start(options: Partial<RemoteWriteReceiverOptions> = {}): Promise<void> {
  served = await serve(remoteWriteReceiver({ intake, observer, ...options }));
}

async function post(body: Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}, method = "POST") {
  const response = await fetch(served.url, { method, body, headers: { ...HEADERS, ...headers } });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

beforeEach(() => {
  vi.clearAllMocks();
  const silent = { error: vi.fn(), info: vi.fn(), debug: vi.fn(), verbose: vi.fn() };
  diag.setLogger({ ...silent, warn }, { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true });
  intake = new RecordedIntake();
});

afterEach(async () => {
  await served.stop();
  diag.disable();
});

describe("a receiver of remote write", () => {
  it("puts the samples into the intake", async () => {
    await start();
    expect(await post(UP)).toMatchObject({ status: 204, text: "" });
    expect(intake.of("up", { job: "a" })).toEqual([[1000, 1]]);
    expect(observer.received.mock.calls).toEqual([[1]]);
    expect(observer.refused).not.toHaveBeenCalled();
  });

  it.each([
    ["as Prometheus 3 names it", { "content-type": "application/x-protobuf;proto=prometheus.WriteRequest" }],
    ["in other letters", { "content-type": 'Application/X-Protobuf; Proto="prometheus.WriteRequest"' }],
    ["with a version", { "x-prometheus-remote-write-version": "0.1.0" }],
  ])("takes the message %s", async (_, headers) => {
    await start();
    expect(await post(UP, headers)).toMatchObject({ status: 204 });
    expect(intake.streams).toHaveLength(1);
  });

  it("takes a body whose headers tell nothing", async () => {
    await start();
    const request = httpRequest(served.url, { method: "POST" });
    request.end(UP);
    const [response] = await once(request, "response");
    response.resume();
    expect(response.statusCode).toBe(204);
  });

  it("answers 415 to remote write 2.0, so that the sender uses 1.0", async () => {
    await start();
    const type = "application/x-protobuf;proto=io.prometheus.write.v2.Request";
    expect(await post(UP, { "content-type": type })).toMatchObject({
      status: 415,
      text: `the content type is ${type}, expected application/x-protobuf;proto=prometheus.WriteRequest\n`,
    });
    expect(observer.refused.mock.calls).toEqual([["unsupported_type"]]);
  });

  it.each([
    [
      "another encoding",
      { "content-encoding": "zstd" },
      "POST",
      415,
      "unsupported_encoding",
      "expected snappy",
    ],
    [
      "another type",
      { "content-type": "application/json" },
      "POST",
      415,
      "unsupported_type",
      "is application/json",
    ],
    ["another method", {}, "PUT", 405, "wrong_method", "the method is PUT, expected POST"],
  ])("refuses %s", async (_, headers, method, status, reason, text) => {
    await start();
    const answer = await post(UP, headers as Record<string, string>, method);
    expect(answer).toMatchObject({ status });
    expect(answer.text).toContain(text);
    expect(observer.refused.mock.calls).toEqual([[reason]]);
    if (status === 405) expect(answer.headers.get("allow")).toBe("POST");
    expect(intake.streams).toEqual([]);
  });

  it("answers 400 to bad data, and logs it once", async () => {
    await start();
    for (const body of ["616263", "03 08 ffffff", "ff"]) {
      const answer = await post(Uint8Array.from(bytesOf(body)));
      expect(answer.status).toBe(400);
    }
    expect(observer.refused.mock.calls).toEqual([["malformed"], ["malformed"], ["malformed"]]);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toContain("remote write: refused a request: ");
  });

  it("answers 400 to bad labels, and takes the rest", async () => {
    await start();
    const label = (name: string, value: string) => field(1, textField(1, name) + textField(2, value));
    const sample = field(2, "09000000000000f83f1001");
    const hex = field(1, label("job", "a") + sample) + field(1, label("__name__", "fine") + sample);
    expect(await post(compressed(Uint8Array.from(bytesOf(hex))))).toMatchObject({
      status: 400,
      text: "a series has no name; the rest was taken\n",
    });
    expect(intake.of("fine")).toEqual([[1, 1.5]]);
    expect(observer.received.mock.calls).toEqual([[1]]);
    expect(observer.dropped.mock.calls).toEqual([["bad_labels", 1]]);
  });

  it("answers 400, not 5xx, if an intake fails: the sender would send the same for ever", async () => {
    await start({
      intake: {
        resource: () => {
          throw new Error("broken");
        },
      },
    });
    expect(await post(UP)).toMatchObject({ status: 400, text: "the request failed: broken\n" });
    expect(observer.refused.mock.calls).toEqual([["failed"]]);
  });

  it("counts what it leaves out, and logs each reason once", async () => {
    await start();
    for (const at of [1, 2]) await post(compressed(requestOf({ a: { [at]: Number.NaN } })));
    expect(observer.dropped.mock.calls).toEqual([
      ["not_finite", 1],
      ["not_finite", 1],
    ]);
    expect(warn).toHaveBeenCalledTimes(1);
  });

  it("asks the sender to wait when the process can take no more, or is not ready", async () => {
    let reason: "overloaded" | "not_ready" | undefined;
    await start({ postponedBecause: () => reason });
    for (reason of ["overloaded", "not_ready"] as const) {
      const answer = await post(UP);
      expect(answer).toMatchObject({ status: 503 });
      expect(answer.headers.get("retry-after")).toBe("5");
      expect(observer.refused.mock.lastCall).toEqual([reason]);
    }
    reason = undefined;
    expect(await post(UP)).toMatchObject({ status: 204 });
  });

  it("answers whatever a broken sender sends, and never with 5xx", async () => {
    await start();
    const whole = compressed(
      requestOf({ 'up{job="a"}': { 1: 1 }, 'rpc_bucket{le="1"}': { 1: 1 }, rpc_sum: { 1: "end" } }, [
        { family: "up", type: "gauge", help: "Up." },
      ]),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { maxLength: 4 }), fc.nat(whole.length), async (bits, length) => {
        const { status } = await post(Uint8Array.from(withFlippedBits(whole, bits).subarray(0, length)));
        expect([204, 400, 413]).toContain(status);
      }),
      { numRuns: 200 },
    );
  });
});

describe("the limits of bodies", () => {
  const LIMITS = { maxBodyBytes: 1000, maxBytesInFlight: 1500 };

  it("refuse a body that says it is too large", async () => {
    await start({ limits: LIMITS });
    expect(await post(new Uint8Array(1001))).toMatchObject({
      status: 413,
      text: "the body has 1001 bytes, expected at most 1000\n",
    });
  });

  it("refuse a body that becomes too large, before it is uncompressed", async () => {
    await start({ limits: LIMITS });
    expect(await post(compressed(new Uint8Array(1001)))).toMatchObject({
      status: 413,
      text: "the body becomes 1001 bytes, expected at most 1000\n",
    });
    expect(observer.refused.mock.calls).toEqual([["too_large"]]);
  });

  it("refuse a body without a length while it is being sent", async () => {
    await start({ limits: LIMITS });
    const request = httpRequest(served.url, { method: "POST", headers: HEADERS });
    request.on("error", () => {});
    request.write(new Uint8Array(1001));
    const [response] = await once(request, "response");
    response.resume();
    expect(response.statusCode).toBe(413);
    expect(response.headers.connection).toBe("close");
    request.destroy();
  });

  it("ask a sender to wait while others send too much, and read its body afterwards", async () => {
    await start({ limits: LIMITS });
    const slow = connect(served.port, "127.0.0.1");
    slow.on("error", () => {});
    await once(slow, "connect");
    slow.write(`POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1000\r\n\r\n${"a".repeat(999)}`);
    const body = new Uint8Array(600);
    await eventually(async () => {
      const { status, headers } = await post(body);
      expect(status).toBe(503);
      expect(headers.get("retry-after")).toBe("5");
    });
    slow.destroy();
    // Then it is read, and is no message.
    await eventually(async () => expect(await post(body)).toMatchObject({ status: 400 }));
  });
});
