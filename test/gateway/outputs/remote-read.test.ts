import { once } from "node:events";
import { connect } from "node:net";
import { DiagLogLevel, diag } from "@opentelemetry/api";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type RemoteReadOptions, remoteReadOutput } from "../../../src/gateway/outputs/remote-read.ts";
import { compressed, uncompressed } from "../../../src/wire/remote/snappy.ts";
import { until } from "../../eventually.ts";
import { withFlippedBits } from "../../wire/remote/bytes-of.ts";
import { HEADERS, type Served, serve } from "../remote/served.ts";
import { MINUTE, NOW, pathOf, sourceOf } from "./paths.ts";
import { readRequestOf, resultsOf } from "./read-bytes.ts";

const warn = vi.fn();
const observer = { answered: vi.fn(), refused: vi.fn() };
const source = sourceOf(pathOf("load", { job: "a" }, [1, 2]));
const QUERY = { from: NOW, to: NOW + 60 * MINUTE, where: ['__name__="load"', 'forecast="path"'] };
const PATH = {
  '{__name__="load",forecast="path",job="a"}': [
    [NOW + MINUTE, 1],
    [NOW + 2 * MINUTE, 2],
  ],
};

let served: Served;

async function start(options: Partial<RemoteReadOptions> = {}): Promise<void> {
  served = await serve(remoteReadOutput({ source, observer, ...options }));
}

async function post(message: Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) {
  const response = await fetch(served.url, {
    method: "POST",
    body: compressed(message),
    headers: { ...HEADERS, ...headers },
  });
  const body = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, body, text: body.toString() };
}

beforeEach(() => {
  vi.clearAllMocks();
  const silent = { error: vi.fn(), info: vi.fn(), debug: vi.fn(), verbose: vi.fn() };
  diag.setLogger({ ...silent, warn }, { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true });
});

afterEach(async () => {
  await served.stop();
  diag.disable();
});

describe("remote read", () => {
  it("answers by the path, as whole samples", async () => {
    await start();
    const answer = await post(readRequestOf([QUERY], [1, 0]));
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/x-protobuf");
    expect(answer.headers.get("content-encoding")).toBe("snappy");
    expect(resultsOf(uncompressed(answer.body))).toEqual([PATH]);
    expect(observer.answered).toHaveBeenCalledTimes(1);
  });

  it("refuses who wants only chunks", async () => {
    await start();
    const answer = await post(readRequestOf([QUERY], [1]));
    expect(answer).toMatchObject({ status: 400 });
    expect(answer.text).toContain("the accepted response types do not have SAMPLES");
    expect(observer.refused.mock.calls).toEqual([["bad_query"]]);
  });

  it("refuses what is no query, and what is too much", async () => {
    await start({ maxSamples: 1 });
    expect(await post(new Uint8Array([255]))).toMatchObject({ status: 400 });
    expect(await post(readRequestOf([QUERY]))).toMatchObject({
      status: 400,
      text: "the answer has more than 1 samples: select fewer series, or a shorter range\n",
    });
    expect(await post(new Uint8Array(1024 * 1024 + 1))).toMatchObject({ status: 413 });
    expect((await fetch(served.url)).status).toBe(405);
    expect(observer.refused.mock.calls.flat()).toEqual([
      "malformed",
      "too_many_samples",
      "too_large",
      "wrong_method",
    ]);
    expect(warn).toHaveBeenCalledTimes(4);
  });

  it("answers 500 if the paths cannot be made, and goes on", async () => {
    let isBroken = true;
    await start({
      source: {
        level: "0.8",
        paths: () => {
          if (isBroken) throw new Error("broken");
          return source.paths();
        },
      },
    });
    expect(await post(readRequestOf([QUERY]))).toMatchObject({
      status: 500,
      text: "the request failed: broken\n",
    });
    isBroken = false;
    expect(await post(readRequestOf([QUERY]))).toMatchObject({ status: 200 });
  });

  it("asks to wait while clients do not take large answers", async () => {
    const large = sourceOf(
      ...Array.from({ length: 2000 }, (_, i) =>
        pathOf(`m${i}`, {}, Array.from({ length: 200 }, Math.random)),
      ),
    );
    await start({ source: large, maxBytesInFlight: 1_000_000 });
    const body = compressed(readRequestOf([{ ...QUERY, to: NOW + 1e9, where: ['forecast="path"'] }]));
    const slow = connect(served.port, "127.0.0.1");
    slow.on("error", () => {});
    await once(slow, "connect");
    slow.pause();
    slow.write(`POST / HTTP/1.1\r\nhost: a\r\ncontent-length: ${body.length}\r\n\r\n`);
    slow.write(body);
    await until(() => observer.answered.mock.calls.length === 1);
    const answer = await post(readRequestOf([QUERY]));
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("5");
    slow.destroy();
    await until(async () => (await post(readRequestOf([QUERY]))).status === 200);
  });

  it("answers many at once, each of its own", async () => {
    await start();
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(readRequestOf([QUERY]))));
    for (const { body } of answers) expect(resultsOf(uncompressed(body))).toEqual([PATH]);
  });

  it("answers whatever a broken client sends", async () => {
    await start();
    const whole = compressed(readRequestOf([{ ...QUERY, where: [...QUERY.where, 'job=~"a.*"'] }], [0]));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { maxLength: 4 }), fc.nat(whole.length), async (bits, length) => {
        const body = Uint8Array.from(withFlippedBits(whole, bits).subarray(0, length));
        const { status } = await fetch(served.url, { method: "POST", body, headers: HEADERS });
        expect([200, 400, 413]).toContain(status);
      }),
      { numRuns: 200 },
    );
  });
});
