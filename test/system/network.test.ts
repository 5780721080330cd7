import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { NetworkMeter, readInterfaces } from "../../src/system/network.ts";
import { machine, machineCopy } from "./machine-copy.ts";

/** A meter on a machine that a test may change, and whose clock it sets. */
function meterOn(name: string) {
  const { root, write } = machineCopy(name);
  const clock = { now: 0 };
  const edit = (from: RegExp, to: string) =>
    write("proc/net/dev", readFileSync(join(root, "proc/net/dev"), "utf8").replace(from, to));
  return { meter: new NetworkMeter({ root, now: () => clock.now }), clock, edit };
}

describe("network traffic", () => {
  it("is bytes in and out per second, without the loopback", async () => {
    const { meter, clock, edit } = meterOn("container");
    expect(await meter.read()).toBeUndefined();
    clock.now = 4000;
    edit(/eth0: 1200000/, "eth0: 1206000");
    edit(/ 300000/, " 302000");
    edit(/lo: {2}918273/, "lo:  999999");
    expect(await meter.read()).toBe(2000);
  });

  it("reads a name without a space before its first number", async () => {
    const { meter, clock, edit } = meterOn("host");
    await meter.read();
    clock.now = 1000;
    edit(/enp3s0:9876543210/, "enp3s0:9876543310");
    expect(await meter.read()).toBe(100);
  });

  it("counts an interface that was reset from 0, and a new one from its second reading", async () => {
    const { meter, clock, edit } = meterOn("container");
    await meter.read();
    clock.now = 1000;
    edit(/eth0: 1200000/, "eth0: 500");
    edit(/ 300000/, " 0");
    edit(/$/, "  eth1: 7000 1 0 0 0 0 0 0 7000 1 0 0 0 0 0 0\n");
    expect(await meter.read()).toBe(500);
    clock.now = 2000;
    edit(/eth1: 7000/, "eth1: 7300");
    expect(await meter.read()).toBe(300);
  });

  it("is 0 with only the loopback", async () => {
    const { meter, clock } = meterOn("hybrid");
    await meter.read();
    clock.now = 1000;
    expect(await meter.read()).toBe(0);
  });

  it("is unknown if the system does not show it, and for two readings at the same time", async () => {
    const meter = new NetworkMeter({ root: machine("another-system"), now: () => 1 });
    await meter.read();
    expect(await meter.read()).toBeUndefined();
    const still = new NetworkMeter({ root: machine("container"), now: () => 1 });
    await still.read();
    expect(await still.read()).toBeUndefined();
  });
});

it("an interface has bytes, errors and dropped packets of each direction", async () => {
  const { root, write } = machineCopy("container");
  write(
    "proc/net/dev",
    `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16
eth0:1: 101 102 103 104 105 106 107 108 109 110 111 112 113 114 115 116
  eth1: 21 22 23
`,
  );
  expect(await readInterfaces(root)).toEqual(
    new Map([
      [
        "eth0:1",
        {
          receive: { bytes: 101, errors: 103, dropped: 104 },
          transmit: { bytes: 109, errors: 111, dropped: 112 },
        },
      ],
    ]),
  );
});
