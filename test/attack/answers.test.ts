import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { OUTCOMES } from "../../src/alerts/actions/action-outcome.ts";
import { ActionRunner } from "../../src/alerts/actions/action-runner.ts";
import { realActionClock } from "../../src/alerts/actions/attempt.ts";
import { actionTo, requestFor } from "../alerts/alerts.ts";
import { eventually } from "../eventually.ts";
import { runs } from "../harness/runs.ts";
import { anyText } from "./harness/any-text.ts";

/** How the receiver of a webhook answers, byte by byte. */
interface Answer {
  readonly head: string;
  readonly body: "none" | "text" | "endless" | "chunks";
  readonly end: "end" | "reset" | "silence";
}

const LONGEST_WAIT_MILLIS = 60_000;
const TIMEOUT_MILLIS = 500;
/** The limit of the runner for work that was aborted. */
const GRACE_MILLIS = 1000;
const HEADS = [
  "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n",
  "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n",
  "HTTP/1.1 503 Service Unavailable\r\nRetry-After: Sun, 06 Nov 2044 08:49:37 GMT\r\nDate: Sun, 06 Nov 2033 08:49:37 GMT\r\n\r\n",
  "HTTP/1.1 301 Moved Permanently\r\nLocation: http://127.0.0.1:1/\r\n\r\n",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
  "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\n",
  "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 Internal Server Error\r\n\r\n",
];
const TOKENS = [
  "HTTP/1.1 204 No Content\r\n",
  "HTTP/1.1 101 Switching Protocols\r\n",
  "HTTP/1.1 999 x\r\n",
  "HTTP/0.9 ",
  "Retry-After: ",
  "Retry-After: -5\r\n",
  "Retry-After: 99999999999999999999\r\n",
  "Retry-After: 1.5\r\n",
  "Retry-After: Thu, 01 Jan 275760 00:00:00 GMT\r\n",
  "Content-Length: -1\r\n",
  "Content-Length: 999999999999\r\n",
  "Transfer-Encoding: chunked\r\n",
  "Connection: close\r\n",
  "\r\n",
  "\n",
  ": ",
];

/** All answers so far; the path of a request ends with an index. */
const given: Answer[] = [];
let server: Server;
let url: URL;
const sockets = new Set<Socket>();
const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown): void => void unhandled.push(reason);

beforeAll(async () => {
  process.on("unhandledRejection", onUnhandled);
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    socket.once("data", (head) => {
      const [, index = ""] = /^POST \/hook\/(\d+)/.exec(String(head)) ?? [];
      void give(socket, given[Number(index)] as Answer);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

afterAll(async () => {
  process.off("unhandledRejection", onUnhandled);
  for (const socket of sockets) socket.destroy();
  await new Promise((done) => server.close(done));
});

async function give(socket: Socket, { head, body, end }: Answer): Promise<void> {
  socket.write(head, "latin1");
  if (body === "text") socket.write("ok");
  if (body === "chunks") socket.write("5\r\nhello\r\nffffffffff\r\n");
  while (body === "endless" && !socket.destroyed) {
    socket.write(Buffer.alloc(65_536, "x"));
    if (socket.writableNeedDrain) await Promise.race([drained(socket), closed(socket)]);
    await turn();
  }
  if (end === "end") socket.end();
  if (end === "reset") socket.resetAndDestroy();
}

const drained = (socket: Socket): Promise<void> => new Promise((done) => socket.once("drain", done));
const closed = (socket: Socket): Promise<void> => new Promise((done) => socket.once("close", done));

const answers = fc.record<Answer>({
  head: anyText(HEADS, TOKENS),
  body: fc.constantFrom("none", "text", "endless", "chunks"),
  end: fc.constantFrom("end", "end", "reset", "silence"),
});

it.each(["webhook", "alertmanager"] as const)("answer of a receiver: %s", async (kind) => {
  await fc.assert(
    fc.asyncProperty(fc.array(answers, { minLength: 1, maxLength: 20 }), async (together) => {
      await Promise.all(
        together.map(async (answer) => {
          const target = new URL(`hook/${given.push(answer) - 1}`, url);
          const { outcome, waits } = await ended(kind, target);
          expect(OUTCOMES).toContain(outcome.split(" ")[0]);
          expect(waits.filter((millis) => !(millis >= 0 && millis <= LONGEST_WAIT_MILLIS))).toEqual([]);
          expect(outcome).not.toContain("hook");
          // Only the status counts, whatever body follows.
          if (answer.head === HEADS[0] && answer.end !== "reset") expect(outcome).toBe("succeeded ");
        }),
      );
    }),
    { numRuns: runs(20) },
  );
  // A body without an end is not read: its connection is closed.
  await eventually(() => expect([...sockets].filter((socket) => socket.writableNeedDrain)).toEqual([]));
  expect(unhandled).toEqual([]);
});

/** How an action ends that posts to a receiver, and how long it would wait between its attempts. */
async function ended(
  kind: "webhook" | "alertmanager",
  target: URL,
): Promise<{ outcome: string; waits: number[] }> {
  const waits: number[] = [];
  const outcomes: string[] = [];
  const real = realActionClock(() => Date.UTC(2026, 0, 1));
  const runner = new ActionRunner({
    actionsPerHour: 10,
    functions: new Map(),
    clock: {
      ...real,
      wait: (millis, signal) => {
        const isLimit = millis === TIMEOUT_MILLIS || millis === GRACE_MILLIS;
        if (!isLimit) waits.push(millis);
        return real.wait(isLimit ? millis : 0, signal);
      },
    },
    ended: (_, outcome, detail) => void outcomes.push(`${outcome} ${detail}`),
  });
  const to = kind === "webhook" ? { kind, url: target, secret: undefined } : { kind, url: target };
  runner.run(requestFor(actionTo(to, { retries: 1, timeoutMillis: TIMEOUT_MILLIS })));
  await eventually(() => expect(outcomes).toHaveLength(1));
  await runner.stop();
  return { outcome: outcomes[0] ?? "", waits };
}
