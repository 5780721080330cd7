import { describe, expect, it } from "vitest";
import type { Steps } from "../../../src/core/yielding-runner.ts";
import { bytesInFlightFor, Capacity } from "../../../src/gateway/receivers/capacity.ts";

describe("the capacity of all receivers", () => {
  it("is taken and given back by requests", () => {
    const capacity = new Capacity(100);
    const [one, other] = [capacity.lease(), capacity.lease()];
    expect([one.take(60), other.take(41), other.take(40), one.take(1)]).toEqual([true, false, true, false]);
    expect(capacity.bytesInFlight).toBe(100);
    one.release();
    one.release();
    expect([capacity.bytesInFlight, other.take(60)]).toEqual([40, true]);
    other.release();
    expect(capacity.bytesInFlight).toBe(0);
  });

  it("has room for a body of the largest size that a file may allow, compressed and decompressed", () => {
    const maxBodyBytes = 1024 * 2 ** 20;
    const lease = new Capacity(bytesInFlightFor(maxBodyBytes)).lease();
    expect([lease.take(maxBodyBytes), lease.take(maxBodyBytes)]).toEqual([true, true]);
    expect(bytesInFlightFor(1000)).toBe(256 * 2 ** 20);
  });

  it("gives the turn to one work after the other, also after one that fails", async () => {
    let elapsedMillis = 0;
    const log: string[] = [];
    const capacity = new Capacity(0, {
      elapsedMillis: () => elapsedMillis,
      pause: async () => void log.push("pause"),
    });
    function* work(name: string, fails = false): Steps<string> {
      for (let step = 1; step <= 2; step += 1) {
        log.push(`${name}${step}`);
        elapsedMillis += 5;
        yield;
      }
      if (fails) throw new Error(name);
      return name;
    }
    const all = [
      capacity.inTurn(() => work("a")),
      capacity.inTurn(() => work("b", true)),
      capacity.inTurn(() => work("c")),
    ];
    expect(await Promise.allSettled(all)).toEqual([
      { status: "fulfilled", value: "a" },
      { status: "rejected", reason: new Error("b") },
      { status: "fulfilled", value: "c" },
    ]);
    expect(log.join()).toBe("a1,pause,a2,pause,b1,pause,b2,pause,c1,pause,c2,pause");
  });
});
