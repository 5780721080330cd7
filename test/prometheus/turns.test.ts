import { EventEmitter } from "node:events";
import type { ServerResponse } from "node:http";
import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createRequestHandler } from "../../src/prometheus/request-handler.ts";
import { Turns, type TurnsOptions } from "../../src/prometheus/turns.ts";
import { eventually } from "../eventually.ts";
import { countingServer } from "./counting-server.ts";

const cleanups: (() => unknown)[] = [];

afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** A connection whose requests are answered by hand. */
class Client {
  readonly socket = new EventEmitter();

  asks(): ServerResponse {
    return Object.assign(new EventEmitter(), { req: { socket: this.socket } }) as unknown as ServerResponse;
  }
}

/** A page that is made by hand. */
function page() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const made = {
    isBegun: false,
    resolve,
    reject,
    make: () => {
      made.isBegun = true;
      return promise;
    },
  };
  return made;
}

/** A clock that a test moves. */
class Clock {
  elapsed = 0;
  readonly paused: number[] = [];
  readonly elapsedMillis = (): number => this.elapsed;
  readonly pause = async (millis: number): Promise<void> => {
    this.paused.push(millis);
    this.elapsed += millis;
  };
}

function turnsOf(options: Partial<TurnsOptions> = {}): Turns {
  return new Turns({ ...new Clock(), most: 2, ...options });
}

const settled = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));

describe("requests of one connection", () => {
  it("have one page made at a time, the next when the answer before was sent", async () => {
    const turns = turnsOf();
    const client = new Client();
    const [first, second] = [page(), page()];
    const [one, other] = [client.asks(), client.asks()];
    const answers = [turns.take(one, first.make), turns.take(other, second.make)];
    await settled();
    first.resolve("first");
    expect(await answers[0]).toBe("first");
    await settled();
    expect([first.isBegun, second.isBegun]).toEqual([true, false]);
    one.emit("close");
    await settled();
    expect(second.isBegun).toBe(true);
    second.resolve("second");
    expect(await answers[1]).toBe("second");
  });

  it("are refused beyond the maximum that waits, which keeps no other connection away", async () => {
    const turns = turnsOf();
    const client = new Client();
    const waits = page();
    for (let times = 0; times < 3; times += 1) void turns.take(client.asks(), waits.make);
    expect(await turns.take(client.asks(), waits.make)).toBe("too many");
    expect(await turns.take(new Client().asks(), async () => "page")).toBe("page");
  });

  it("free their places when their connection closes", async () => {
    const turns = turnsOf();
    const never = page();
    const clients = [new Client(), new Client()];
    const all = clients.map((client) => {
      void turns.take(client.asks(), never.make);
      return turns.take(client.asks(), never.make);
    });
    expect(await turns.take(new Client().asks(), never.make)).toBe("too many");
    expect(await turns.take(clients[0]?.asks() as ServerResponse, never.make)).toBe("too many");
    for (const { socket } of clients) socket.emit("close");
    expect(await Promise.all(all)).toEqual(["gone", "gone"]);
    const [one, other] = [new Client(), new Client()];
    const begun = [page(), page()];
    void turns.take(one.asks(), begun[0]?.make as never);
    void turns.take(other.asks(), begun[1]?.make as never);
    await settled();
    expect(begun.map(({ isBegun }) => isBegun)).toEqual([true, true]);
  });

  it("have their turns although the page before failed, or was refused", async () => {
    const turns = turnsOf({ most: 1 });
    const client = new Client();
    const failing = page();
    const one = client.asks();
    const failed = turns.take(one, failing.make);
    failing.reject(new Error("no source"));
    await expect(failed).rejects.toThrow("no source");
    one.emit("close");
    const never = page();
    const busy = new Client();
    void turns.take(busy.asks(), never.make);
    const refused = client.asks();
    expect(await turns.take(refused, never.make)).toBe("too many");
    const behind = turns.take(client.asks(), async () => "page");
    busy.socket.emit("close");
    refused.emit("close");
    expect(await behind).toBe("page");
  });
});

describe("a rest after a page", () => {
  const restAfter = async (millis: number): Promise<number[]> => {
    const clock = new Clock();
    const turns = turnsOf(clock);
    const make = async (): Promise<string> => {
      clock.elapsed += millis;
      return "page";
    };
    await turns.take(new Client().asks(), make);
    await turns.take(new Client().asks(), make);
    return clock.paused;
  };

  it("takes as long as the page did", async () => {
    expect(await restAfter(40)).toEqual([40]);
  });

  it("is short where a callback hangs", async () => {
    expect(await restAfter(5000)).toEqual([1000]);
  });

  it("ends without a page for a client that has gone", async () => {
    const clock = new Clock();
    const client = new Client();
    const turns = turnsOf({
      elapsedMillis: clock.elapsedMillis,
      pause: async (millis) => {
        client.socket.emit("close");
        clock.elapsed += millis;
      },
    });
    await turns.take(new Client().asks(), async () => {
      clock.elapsed += 40;
    });
    const second = page();
    expect(await turns.take(client.asks(), second.make)).toBe("gone");
    expect(second.isBegun).toBe(false);
  });
});

describe("a server whose page takes long to make", () => {
  /** How many requests have reached a server whose page is made by hand. */
  async function served() {
    const waits = Promise.withResolvers<Buffer[]>();
    const handle = createRequestHandler({
      scrape: async () => ({ format: "text", escaping: "underscores", pieces: await waits.promise }),
      health: () => ({ healthy: true }),
    });
    return { waits, ...(await countingServer(handle, cleanups)) };
  }

  it("lets 64 clients wait, asks the next to come again, and answers /health", async () => {
    const { waits, answerOf, requests } = await served();
    const waiting = Array.from({ length: 64 }, () => answerOf("/metrics"));
    await eventually(() => expect(requests()).toBe(64));
    const { statusCode, headers } = await answerOf("/metrics");
    expect([statusCode, headers["retry-after"]]).toEqual([503, "1"]);
    expect((await answerOf("/health")).statusCode).toBe(200);
    waits.resolve([Buffer.from("up 1\n")]);
    const answers = await Promise.all(waiting);
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
    expect((await answerOf("/metrics")).statusCode).toBe(200);
  });

  it("answers requests of one connection in their order, and a client beside it at once", async () => {
    const { port, waits, answerOf, requests } = await served();
    const socket = connect(port, "127.0.0.1").on("error", () => {});
    cleanups.push(() => socket.destroy());
    socket.write("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".repeat(70));
    await eventually(() => expect(requests()).toBe(70));
    const beside = answerOf("/metrics");
    waits.resolve([Buffer.from("up 1\n")]);
    expect((await beside).statusCode).toBe(200);
    let text = "";
    socket.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    await eventually(() => expect(text.match(/^HTTP\/1.1 /gm)).toHaveLength(70));
    const statuses = [...text.matchAll(/^HTTP\/1.1 (\d+)/gm)].map(([, status]) => status);
    expect(statuses).toEqual([...Array(65).fill("200"), ...Array(5).fill("503")]);
  });
});
