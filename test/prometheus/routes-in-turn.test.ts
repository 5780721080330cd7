import { connect } from "node:net";
import { afterEach, expect, it } from "vitest";
import { answer, type Route } from "../../src/prometheus/answers.ts";
import { createRequestHandler } from "../../src/prometheus/request-handler.ts";
import { routesInTurn } from "../../src/prometheus/routes-in-turn.ts";
import { eventually } from "../eventually.ts";
import { countingServer } from "./counting-server.ts";

const MEGABYTE = 1024 * 1024;
const cleanups: (() => unknown)[] = [];

afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** Serves routes as an endpoint does. */
async function served(routes: Record<string, Route["answer"]>) {
  const given = Object.entries(routes).map(([path, answering]): [string, Route] => [
    path,
    { methods: ["GET"], answer: answering },
  ]);
  const handle = createRequestHandler({
    scrape: async () => ({ format: "text", escaping: "underscores", pieces: [Buffer.from("up 1\n")] }),
    health: () => ({ healthy: true }),
    routes: routesInTurn(new Map(given)),
  });
  return countingServer(handle, cleanups);
}

it("makes one answer after the other, lets 64 wait, and keeps nobody from /metrics and /health", async () => {
  const waits = Promise.withResolvers<void>();
  let running = 0;
  let most = 0;
  let made = 0;
  const { answerOf, requests } = await served({
    "/api/list": async (_, response) => {
      running += 1;
      most = Math.max(most, running);
      await waits.promise;
      running -= 1;
      made += 1;
      answer(response, 200, "list");
    },
  });
  const waiting = Array.from({ length: 64 }, () => answerOf("/api/list"));
  await eventually(() => expect(requests()).toBe(64));
  const { statusCode, headers } = await answerOf("/api/list");
  expect([statusCode, headers["retry-after"]]).toEqual([503, "1"]);
  expect((await answerOf("/metrics")).statusCode).toBe(200);
  expect((await answerOf("/health")).statusCode).toBe(200);
  waits.resolve();
  const statuses = (await Promise.all(waiting)).map((response) => response.statusCode);
  expect([statuses, most, made]).toEqual([Array(64).fill(200), 1, 64]);
});

it("makes no more answers than find room, while clients do not read", async () => {
  let made = 0;
  const { port, connections, requests } = await served({
    "/api/list": (_, response) => {
      made += 1;
      answer(response, 200, "x".repeat(32 * MEGABYTE));
    },
  });
  for (let client = 0; client < 6; client += 1) {
    const socket = connect(port, "127.0.0.1").pause();
    socket.on("error", () => {});
    cleanups.push(() => socket.destroy());
    socket.write("GET /api/list HTTP/1.1\r\nHost: x\r\n\r\n".repeat(5));
  }
  await eventually(() => expect(requests()).toBe(30));
  // Those that take nothing are cut off when there is no more room: then the next ones are answered.
  await eventually(() => expect(made).toBe(6));
  expect(await connections()).toBeLessThan(5);
});

it("answers on when an answer before has failed", async () => {
  const { answerOf } = await served({
    "/api/list": () => {
      throw new Error("no list");
    },
    "/api/other": (_, response) => answer(response, 200, "other"),
  });
  expect((await answerOf("/api/list")).statusCode).toBe(500);
  expect((await answerOf("/api/other")).statusCode).toBe(200);
});

it("has an answer that goes on, such as events, beside the others", async () => {
  const { answerOf } = await served({
    "/live": (_, response) => void response.write("event\n"),
    "/api/list": (_, response) => answer(response, 200, "list"),
  });
  const live = await answerOf("/live");
  cleanups.push(() => live.destroy());
  expect((await answerOf("/api/list")).statusCode).toBe(200);
});
