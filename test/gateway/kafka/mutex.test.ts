import { expect, it } from "vitest";
import { Mutex } from "../../../src/gateway/kafka/mutex.ts";

it("works come one after the other, also after one that failed", async () => {
  const mutex = new Mutex();
  const done: string[] = [];
  const end = await mutex.take();
  const failing = mutex.during(async () => {
    done.push("failing");
    throw new Error("it failed");
  });
  const last = mutex.during(async () => done.push("last"));
  await Promise.resolve();
  expect(done).toEqual([]);
  end();
  await expect(failing).rejects.toThrow("it failed");
  await last;
  expect(done).toEqual(["failing", "last"]);
});
