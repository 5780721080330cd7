import type { ServerResponse } from "node:http";
import { answer, type Route } from "./answers.ts";
import { HeldPages } from "./held-pages.ts";
import { Turns } from "./turns.ts";

/** When a client that found too many others before it may ask again. */
const RETRY_AFTER_SECONDS = 1;
/** No answer is made while those that are being sent are this large together. Most are smaller than 2 MB. */
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * Routes whose answers are made one after the other, with rests, and are kept in memory only within limits. So
 * many clients that only ask, or never read, cost bounded memory, and keep no other client from `/metrics` and
 * `/health`. An answer for which too many wait is 503.
 */
export function routesInTurn(routes: ReadonlyMap<string, Route>): Map<string, Route> {
  const held = new HeldPages({ mostBytes: MOST_BYTES });
  const turns = new Turns({ isOneByOne: true, room: () => held.room() });
  return new Map([...routes].map(([path, route]) => [path, routeInTurn(route, turns, held)]));
}

function routeInTurn(route: Route, turns: Turns, held: HeldPages): Route {
  return {
    methods: route.methods,
    isThere: () => route.isThere?.() !== false,
    close: () => route.close?.(),
    answer: async (request, response) => {
      const turn = await turns.take(response, async () => {
        await route.answer(request, response);
        hold(response, held);
      });
      if (turn !== "too many") return;
      response.setHeader("retry-after", RETRY_AFTER_SECONDS);
      answer(response, 503, "Too many clients wait\n");
    },
  };
}

/** What the system has not taken of an answer is in memory. One that goes on, as events do, has its own limit. */
function hold(response: ServerResponse, held: HeldPages): void {
  const { writableEnded, writableLength, closed } = response;
  if (writableEnded && !closed && writableLength > 0) held.hold([{ length: writableLength }], response);
}
