import type { IncomingMessage } from "node:http";
import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { SnappyBodies } from "../../../src/gateway/remote/snappy-bodies.ts";
import { compressed } from "../../../src/wire/remote/snappy.ts";

const MEBIBYTE = 2 ** 20;

/** A request whose body a test writes. */
function begun(): PassThrough & IncomingMessage {
  const request = Object.assign(new PassThrough(), { method: "POST", headers: {} });
  return request as unknown as PassThrough & IncomingMessage;
}

it.each([
  ["of which nothing comes any more", { stalledMillis: 50, requestMillis: 60_000 }],
  ["of which too little comes", { stalledMillis: 60_000, requestMillis: 50 }],
])("a body %s makes room for others, and may come again", async (_, limits) => {
  const bodies = new SnappyBodies("prometheus.WriteRequest", { ...limits, maxBytesInFlight: MEBIBYTE });
  const slow = begun();
  const reading = bodies.read(slow, () => undefined);
  slow.write(Buffer.alloc(MEBIBYTE));
  await expect(reading).rejects.toMatchObject({
    ...{ status: 503, reason: "timed_out", headers: { "retry-after": 5 } },
  });
  const next = begun();
  const other = bodies.read(next, () => "read");
  next.end(compressed(Buffer.from("a")));
  expect(await other).toBe("read");
});

it("a body that may be as large as it is, is never one of too many", async () => {
  const bodies = new SnappyBodies("prometheus.WriteRequest", { maxBodyBytes: 200 * MEBIBYTE });
  const request = begun();
  const read = bodies.read(request, () => undefined);
  const part = Buffer.alloc(MEBIBYTE, 0xff);
  for (let count = 0; count < 150; count += 1) request.write(part);
  request.end();
  // It is no snappy, which is said only when all of it was received.
  await expect(read).rejects.toMatchObject({ reason: "malformed" });
});
