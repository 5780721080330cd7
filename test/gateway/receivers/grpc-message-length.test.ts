import fc from "fast-check";
import { expect, it } from "vitest";
import { MessageLength } from "../../../src/gateway/receivers/grpc-message-length.ts";

it("is known from the fifth byte on, however the message is cut", () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 9, maxLength: 9 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 32 - 1 }), sizes, (announced, parts) => {
      const message = Buffer.alloc(9, 0xff);
      message.writeUInt8(0, 0);
      message.writeUInt32BE(announced, 1);
      const length = new MessageLength();
      let read = 0;
      for (const size of parts) {
        const chunk = message.subarray(read, read + size);
        read += chunk.length;
        expect(length.after(chunk)).toBe(read < MessageLength.BYTES ? 0 : announced);
      }
    }),
  );
});
