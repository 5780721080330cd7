import type { FileHandle } from "node:fs/promises";
import { expect, it } from "vitest";
import { ChunkedWriter } from "../../src/storage/chunked-writer.ts";

it("bytes reach the file in their order, in chunks of 256 KiB or more", async () => {
  const file: Buffer[] = [];
  const handle = { writeFile: async (bytes: Buffer) => void file.push(bytes) } as unknown as FileHandle;
  const progress: number[] = [];
  const writer: ChunkedWriter = new ChunkedWriter(handle, () => progress.push(writer.written));
  const [most, byte] = [Buffer.alloc(256 * 1024 - 1, "a"), Buffer.from("b")];
  writer.add(most);
  expect([writer.isFull, writer.written]).toEqual([false, 0]);
  writer.add(byte);
  expect([writer.isFull, writer.written]).toEqual([true, 0]);
  await writer.flush();
  expect([writer.isFull, writer.written]).toEqual([false, 256 * 1024]);
  writer.add(byte);
  expect(writer.isFull).toBe(false);
  await writer.flush();
  expect(file).toEqual([Buffer.concat([most, byte]), byte]);
  expect(progress).toEqual([256 * 1024, 256 * 1024 + 1]);
});
