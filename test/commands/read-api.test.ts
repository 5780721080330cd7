import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { ReadApi } from "../../src/commands/read-api.ts";

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** A server on a free port; gives `127.0.0.1:PORT`. */
async function serving(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const answering = (status: number, body: string): Promise<string> =>
  serving((_, response) => response.writeHead(status).end(body));

it("gives the JSON at a path", async () => {
  const host = await serving(({ url }, response) => response.end(JSON.stringify({ url })));
  expect(await new ReadApi(`http://${host}`).get("/api/alerts")).toEqual({ url: "/api/alerts" });
  expect(await new ReadApi(host).get("/api/alerts")).toEqual({ url: "/api/alerts" });
  expect(await new ReadApi(`http://${host}/metrics?a=b`).get("/api/forecasts?limit=1")).toEqual({
    url: "/api/forecasts?limit=1",
  });
});

it.each([
  ["/prefix", "/prefix/api/alerts"],
  ["/prefix/", "/prefix/api/alerts"],
  ["/a/b/metrics", "/a/b/api/alerts"],
  ["/prefix/api/forecasts?limit=1", "/prefix/api/alerts"],
  ["/health", "/api/alerts"],
])("asks below the prefix of a proxy, as in %s", async (path, asked) => {
  const host = await serving(({ url }, response) => response.end(JSON.stringify({ url })));
  expect(await new ReadApi(`http://${host}${path}`).get("/api/alerts")).toEqual({ url: asked });
});

describe("a login in the address", () => {
  it.each([
    ["ann:se%3Acret", "ann:se:cret"],
    ["ann", "ann:"],
    ["ann:50%", "ann:50%"],
  ])("%s is sent as basic authentication", async (login, sent) => {
    const host = await serving(({ headers }, response) => response.end(JSON.stringify(headers)));
    const { authorization } = await new ReadApi(`http://${login}@${host}`).get<Record<string, string>>("/");
    expect(authorization).toBe(`Basic ${Buffer.from(sent).toString("base64")}`);
  });

  it("is in no error", async () => {
    const api = new ReadApi(`http://ann:secret@${await answering(401, "")}`);
    await expect(api.get("/")).rejects.toThrow(
      /^http:\/\/127\.0\.0\.1:\d+ can't be asked for its forecasts: it answered 401$/,
    );
    expect(() => new ReadApi("http://ann:sec@ret@[")).toThrow(
      'expected a URL such as http://localhost:9464, got "http://...@["',
    );
    expect(() => new ReadApi("ann:secret@[")).toThrow('got "...@["');
  });
});

describe("an error has the reason", () => {
  it.each([
    ["the API refuses", 400, '{"error":"limit must be a whole number"}', /: limit must be a whole number$/],
    ["another server answers", 404, "<html>", /: it answered 404$/],
    ["the answer is no JSON", 200, "<html>", /: its answer is no JSON of the read API$/],
    ["the answer is no object", 200, "1", /: its answer is no JSON of the read API$/],
    ["the status is no success", 503, "{}", /: it answered 503$/],
  ])("if %s", async (_, status, body, reason) => {
    await expect(new ReadApi(await answering(status, body)).get("/")).rejects.toThrow(reason);
  });

  it.each(["127.0.0.1", "localhost"])("if nothing answers at %s", async (host) => {
    const port = (await answering(200, "")).split(":")[1];
    await new Promise((closed) => servers.pop()?.close(closed));
    await expect(new ReadApi(`http://${host}:${port}`).get("/")).rejects.toThrow(
      new RegExp(`^nothing answers at http://${host}:${port}: .*ECONNREFUSED`),
    );
  });

  it("if the connection ends within the answer", async () => {
    const host = await serving((_, response) => {
      response.writeHead(200, { "content-length": 100 });
      response.write("{", () => response.destroy());
    });
    await expect(new ReadApi(host).get("/")).rejects.toThrow(/^nothing answers at .*: .+/);
  });

  it("if the answer is far longer than those of the API", async () => {
    const megabyte = Buffer.alloc(2 ** 20);
    const host = await serving((_, response) => {
      // On Node 26, a write after the end has its callback before the event of the end.
      const more = (error?: Error | null): void => {
        if (error == null && !response.destroyed) response.write(megabyte, more);
      };
      more();
    });
    await expect(new ReadApi(host).get("/")).rejects.toThrow(/its answer: it is longer than 64 MiB$/);
  });

  it.each(["ftp://localhost", "http://", "file:///etc/passwd"])("if the address is %s", (address) => {
    expect(() => new ReadApi(address)).toThrow(/^expected a URL such as http:\/\/localhost:9464, got "/);
  });
});

it("ends a request whose signal is aborted", async () => {
  const host = await serving(() => {});
  const caller = new AbortController();
  const answer = new ReadApi(host).get("/", caller.signal);
  caller.abort();
  await expect(answer).rejects.toThrow(/aborted/);
});
