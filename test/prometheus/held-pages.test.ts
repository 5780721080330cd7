import { EventEmitter } from "node:events";
import type { ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { HeldPages } from "../../src/prometheus/held-pages.ts";

const PAGE_BYTES = 1000;

/** A client whose response takes as much as a test says. */
class Client extends EventEmitter {
  readonly req = { socket: { bytesWritten: 0, writableLength: 0 } };
  isCutOff = false;

  takes(bytes: number): void {
    this.req.socket.bytesWritten += bytes;
  }

  destroy(): void {
    this.isCutOff = true;
    this.emit("close");
  }

  get response(): ServerResponse {
    return this as unknown as ServerResponse;
  }
}

/** Pages of which two find room, and a clock that moves while one waits. */
class World {
  elapsed = 0;
  readonly events: { readonly at: number; readonly act: () => void }[] = [];
  readonly pages = new HeldPages({
    mostBytes: 2 * PAGE_BYTES,
    elapsedMillis: () => this.elapsed,
    pause: async (millis) => {
      this.elapsed += millis;
      for (const { act } of this.events.filter(({ at }) => at <= this.elapsed && at > this.elapsed - millis))
        act();
    },
  });

  sends(...clients: Client[]): void {
    const page = [Buffer.alloc(PAGE_BYTES / 2), Buffer.alloc(PAGE_BYTES / 2)];
    for (const client of clients) this.pages.hold(page, client.response);
  }

  at(at: number, act: () => void): void {
    this.events.push({ at, act });
  }
}

describe("another page", () => {
  it("has room while the pages before are few or small", async () => {
    const world = new World();
    world.sends(new Client(), new Client(), new Client());
    await world.pages.room();
    expect(world.elapsed).toBe(0);
  });

  it("has room when one of two is large: a large page must not keep the next away", async () => {
    const pages = new HeldPages({ mostBytes: 10, pause: () => Promise.reject(new Error("it waited")) });
    pages.hold([Buffer.alloc(PAGE_BYTES)], new Client().response);
    await expect(pages.room()).resolves.toBeUndefined();
  });

  it("has room by default while those before are smaller than 64 MiB together", async () => {
    const pages = new HeldPages({ pause: () => Promise.reject(new Error("it waited")) });
    const half = 32 * 1024 * 1024;
    pages.hold([{ length: half }], new Client().response);
    const other = new Client();
    pages.hold([{ length: half - 1 }], other.response);
    await expect(pages.room()).resolves.toBeUndefined();
    other.destroy();
    pages.hold([{ length: half - 1 }, { length: 1 }], new Client().response);
    await expect(pages.room()).rejects.toThrow("it waited");
  });

  it("waits for a client that reads, and does not cut it off", async () => {
    const world = new World();
    const reads = new Client();
    world.sends(
      new Client().on("close", () => {}),
      reads,
    );
    world.sends(reads);
    for (let at = 500; at < 3000; at += 500) world.at(at, () => reads.takes(1));
    world.at(3000, () => reads.emit("close"));
    await world.pages.room();
    expect([world.elapsed, reads.isCutOff]).toEqual([3000, false]);
  });

  it("cuts off the clients that have taken nothing for a second", async () => {
    const world = new World();
    const [still, other, reads] = [new Client(), new Client(), new Client()];
    world.sends(still, other);
    world.sends(reads);
    for (let at = 500; at < 3000; at += 500) world.at(at, () => reads.takes(1));
    await world.pages.room();
    expect(world.elapsed).toBe(1100);
    expect([still.isCutOff, other.isCutOff, reads.isCutOff]).toEqual([true, true, false]);
  });

  it("cuts off a client that reads, but not to the end in ten seconds", async () => {
    const world = new World();
    const [one, other] = [new Client(), new Client()];
    world.sends(one);
    world.elapsed = 500;
    world.sends(other);
    for (let at = 1000; at < 20_000; at += 500)
      world.at(at, () => [one, other].map((client) => client.takes(1)));
    await world.pages.room();
    expect([one.isCutOff, other.isCutOff]).toEqual([true, false]);
  });
});
