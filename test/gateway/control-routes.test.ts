import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { controlRoutes } from "../../src/gateway/control-routes.ts";

let server: Server;
let reason: string | undefined;
let reloads: number;
let mistake: Error | undefined;

beforeEach(async () => {
  [reason, reloads, mistake] = [undefined, 0, undefined];
  const routes = controlRoutes({
    notReadyBecause: () => reason,
    reload: async () => {
      reloads += 1;
      if (mistake !== undefined) throw mistake;
    },
  });
  server = createServer((request, response) => {
    const route = routes.get(request.url ?? "");
    if (route?.methods.includes(request.method as never) !== true) response.writeHead(405).end();
    else void route.answer(request as never, response as never);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => server.close());

async function asked(path: string, method = "GET"): Promise<unknown[]> {
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method });
  return [answer.status, answer.headers.get("content-type"), await answer.text()];
}

const TEXT = "text/plain; charset=utf-8";

it("says in plain text that it is healthy, and whether it is ready", async () => {
  expect(await asked("/-/healthy")).toEqual([200, TEXT, "otel-forecast is healthy.\n"]);
  expect(await asked("/-/ready")).toEqual([200, TEXT, "otel-forecast is ready.\n"]);
  reason = "it reads its state";
  expect(await asked("/-/ready")).toEqual([503, TEXT, "otel-forecast is not ready: it reads its state\n"]);
  expect(await asked("/-/healthy")).toEqual([200, TEXT, "otel-forecast is healthy.\n"]);
});

it("reads the configuration again, if asked by POST or PUT, and says why it can't be used", async () => {
  expect((await asked("/-/reload"))[0]).toBe(405);
  expect(reloads).toBe(0);
  for (const method of ["POST", "PUT"])
    expect(await asked("/-/reload", method)).toEqual([200, TEXT, "The configuration was read again.\n"]);
  expect(reloads).toBe(2);
  mistake = new Error("views: expected a list");
  expect(await asked("/-/reload", "POST")).toEqual([
    ...[500, TEXT, "The configuration can't be used: views: expected a list\n"],
  ]);
});
