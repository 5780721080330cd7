import type { IncomingMessage } from "node:http";
import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { SnappyBodies } from "../../../src/gateway/remote/snappy-bodies.ts";

const MEBIBYTE = 2 ** 20;

it("a body that may be as large as it is, is never one of too many", async () => {
  const bodies = new SnappyBodies("prometheus.WriteRequest", { maxBodyBytes: 200 * MEBIBYTE });
  const request = new PassThrough();
  const read = bodies.read(
    Object.assign(request, { method: "POST", headers: {} }) as unknown as IncomingMessage,
    () => undefined,
  );
  const part = Buffer.alloc(MEBIBYTE, 0xff);
  for (let count = 0; count < 150; count += 1) request.write(part);
  request.end();
  // It is no snappy, which is said only when all of it was received.
  await expect(read).rejects.toMatchObject({ reason: "malformed" });
});
