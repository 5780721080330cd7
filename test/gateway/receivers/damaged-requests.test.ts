import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyRequest, type Message, protobufOf } from "../../wire/otlp/otlp-messages.ts";
import { afterTest, Surroundings } from "./started-receivers.ts";

const protobuf = { "content-type": "application/x-protobuf" };
const json = { "content-type": "application/json" };
const inJson = (request: Message): Uint8Array => Buffer.from(JSON.stringify(request));

interface Form {
  readonly headers: Readonly<Record<string, string>>;
  readonly encode: (request: Message) => Uint8Array;
}

const forms: readonly Form[] = [
  { headers: protobuf, encode: protobufOf },
  { headers: json, encode: inJson },
  { headers: { ...protobuf, "content-encoding": "gzip" }, encode: (it) => gzipSync(protobufOf(it)) },
  { headers: { ...json, "content-encoding": "zstd" }, encode: (it) => zstdCompressSync(inJson(it)) },
];

function statusOf(
  port: number | undefined,
  agent: Agent,
  body: Uint8Array,
  headers: Form["headers"],
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port, path: "/v1/metrics", method: "POST", agent, headers };
    const answered = (response: IncomingMessage): void =>
      void response.resume().on("end", () => resolve(response.statusCode));
    httpRequest(options, answered).on("error", reject).end(body);
  });
}

describe("a request that is damaged on its way", () => {
  it("is taken or refused as malformed, and holds nothing afterwards", async () => {
    const surroundings = new Surroundings();
    const { port } = await surroundings.http();
    const agent = new Agent({ keepAlive: true });
    afterTest(() => agent.destroy());
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 });
    const cut = fc.option(fc.nat());
    await fc.assert(
      fc.asyncProperty(
        anyRequest,
        fc.constantFrom(...forms),
        damage,
        cut,
        async (request, form, flips, length) => {
          const bytes = Uint8Array.from(form.encode(request));
          for (const [at, byte] of flips) bytes[at % bytes.length] = byte;
          const left = bytes.subarray(0, length === null ? bytes.length : length % (bytes.length + 1));
          expect(await statusOf(port, agent, left, form.headers)).toBeOneOf([200, 400]);
          expect(surroundings.capacity.bytesInFlight).toBe(0);
        },
      ),
      { numRuns: 500 },
    );
    expect(Object.keys(surroundings.refused)).not.toContain("internal");
  });
});
