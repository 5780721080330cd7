import { expect, it } from "vitest";
import { Turns } from "../../../src/gateway/kafka/turns.ts";

it("turns come one after the other, also after one that failed", async () => {
  const turns = new Turns();
  const done: string[] = [];
  const end = await turns.take();
  const failing = turns.during(async () => {
    done.push("failing");
    throw new Error("it failed");
  });
  const last = turns.during(async () => done.push("last"));
  await Promise.resolve();
  expect(done).toEqual([]);
  end();
  await expect(failing).rejects.toThrow("it failed");
  await last;
  expect(done).toEqual(["failing", "last"]);
});
