import { execFile } from "node:child_process";
import { once } from "node:events";
import type { Server } from "node:http";
import type { Socket } from "node:net";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { DiagLogLevel, diag } from "@opentelemetry/api";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { AnsweredSeries } from "../../src/promql/answer.ts";
import { ApiError } from "../../src/promql/api-error.ts";
import { PrometheusClient, type PrometheusClientOptions } from "../../src/promql/prometheus-client.ts";
import { until } from "../eventually.ts";
import { matrix, type Received, servedApi, vector } from "./served-api.ts";

const AT = Date.UTC(2026, 0, 1);
const MEBIBYTE = 2 ** 20;

const clients: PrometheusClient[] = [];
afterEach(() => {
  diag.disable();
  for (const client of clients.splice(0)) client.close();
});

function clientOf(url: string, options: Partial<PrometheusClientOptions> = {}): PrometheusClient {
  const client = new PrometheusClient({ url, ...options });
  clients.push(client);
  return client;
}

async function instant(client: PrometheusClient, query = "up", at = AT): Promise<AnsweredSeries[]> {
  const all: AnsweredSeries[] = [];
  await client.instant({ query, at }, (series) => all.push(series));
  return all;
}

async function failure(asked: Promise<unknown>): Promise<ApiError> {
  const error = await asked.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ApiError);
  return error as ApiError;
}

function warningsLogged(): string[] {
  const lines: string[] = [];
  const write = (line: string) => lines.push(line);
  const silent = () => {};
  diag.setLogger(
    { error: write, warn: write, info: silent, debug: silent, verbose: silent },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  return lines;
}

describe("a query at one time", () => {
  it("is posted with its exact time, and gives the series with their labels", async () => {
    const received: Received[] = [];
    const url = await servedApi((request) => {
      received.push(request);
      return vector([
        { metric: { __name__: "up", job: "a" }, value: [AT / 1000, "1.5"] },
        { metric: {}, value: [AT / 1000 + 0.25, "-2e3"] },
      ]);
    });
    expect(await instant(clientOf(url), 'up{job=~"a|b"}', AT + 1)).toEqual([
      { labels: { __name__: "up", job: "a" }, times: [AT], values: [1.5] },
      { labels: {}, times: [AT + 250], values: [-2000] },
    ]);
    expect(received[0]).toMatchObject({ method: "POST", path: "/api/v1/query" });
    expect(Object.fromEntries(received[0]?.parameters ?? [])).toEqual({
      query: 'up{job=~"a|b"}',
      time: "1767225600.001",
    });
  });

  it("leaves out and counts what is no finite number, and native histograms", async () => {
    const url = await servedApi(() =>
      vector([
        { metric: { a: "1" }, value: [1, "NaN"] },
        { metric: { a: "2" }, value: [1, "+Inf"] },
        { metric: { a: "3" }, value: [1, "-Inf"] },
        { metric: { a: "4" }, histogram: [1, { count: "1", sum: "2", buckets: [[0, "0", "1", "1"]] }] },
        { metric: { a: "5" }, value: [1, "5"] },
      ]),
    );
    const all: AnsweredSeries[] = [];
    const summary = await clientOf(url).instant({ query: "x", at: AT }, (series) => all.push(series));
    expect(summary).toEqual({ series: 5, notFinite: 3, histograms: 1 });
    expect(all.flatMap(({ values }) => values)).toEqual([5]);
  });
});

describe("a query of a range", () => {
  it("has a start, an end and a step in seconds, and gives all values", async () => {
    let asked: URLSearchParams | undefined;
    const url = await servedApi(({ parameters, path }) => {
      asked = parameters;
      expect(path).toBe("/prefix/api/v1/query_range");
      return matrix([
        {
          metric: { a: "1" },
          values: [
            [AT / 1000, "1"],
            [AT / 1000 + 0.05, "NaN"],
            [AT / 1000 + 0.1, "3"],
          ],
        },
        {
          metric: { a: "2" },
          values: null,
          histograms: [
            [1, {}],
            [2, {}],
          ],
        },
      ]);
    });
    const all: AnsweredSeries[] = [];
    const client = clientOf(`${url}/prefix/?dedup=true`);
    const range = { query: "x", start: AT, end: AT + 100, stepMillis: 50 };
    expect(await client.range(range, (series) => all.push(series))).toEqual({
      series: 2,
      notFinite: 1,
      histograms: 2,
    });
    expect(all[0]).toEqual({ labels: { a: "1" }, times: [AT, AT + 100], values: [1, 3] });
    expect(Object.fromEntries(asked ?? [])).toMatchObject({
      start: "1767225600.000",
      end: "1767225600.100",
      step: "0.050",
      dedup: "true",
    });
  });
});

describe("access", () => {
  it("is by user and password in the address, which no message shows", async () => {
    let authorization: string | undefined;
    const url = await servedApi(({ headers }, response) => {
      authorization = headers.authorization;
      response.statusCode = 401;
      return "no";
    });
    const client = clientOf(url.replace("//", "//me%40home:s3cret%25@"));
    const { message, status, mayRetry } = await failure(instant(client));
    expect(authorization).toBe(`Basic ${Buffer.from("me@home:s3cret%").toString("base64")}`);
    expect([status, mayRetry]).toEqual([401, false]);
    expect(message).toBe(`${url}: it answered 401: no reason given`);
    expect(client.address).toBe(url);
  });

  it("is by any header", async () => {
    let headers: Received["headers"] | undefined;
    const url = await servedApi((received) => {
      headers = received.headers;
      return vector([]);
    });
    await instant(clientOf(url, { headers: { Authorization: "Bearer t", "X-Scope-OrgID": "team" } }));
    expect(headers).toMatchObject({ authorization: "Bearer t", "x-scope-orgid": "team" });
  });

  it("changes to GET for good where POST is not allowed", async () => {
    const methods: unknown[] = [];
    const url = await servedApi(({ method, parameters }, response) => {
      methods.push([method, parameters.get("query")]);
      if (method === "POST") response.statusCode = 405;
      return method === "POST" ? "" : vector([]);
    });
    const client = clientOf(url);
    await instant(client, "a");
    await instant(client, "b");
    expect(methods).toEqual([
      ["POST", "a"],
      ["GET", "a"],
      ["GET", "b"],
    ]);
  });

  it("refuses an address that is none of HTTP", () => {
    expect(() => clientOf("ftp://me:s3cret@x")).toThrow(
      "url is ftp://me:s3cret@x, expected an address with http or https",
    );
  });
});

describe("a redirect", () => {
  it("is followed on the same host, with the query and the password", async () => {
    const received: Received[] = [];
    const url = await servedApi((request, response) => {
      received.push(request);
      if (request.path.startsWith("/new/")) return vector([]);
      response.writeHead(302, { location: "/new/api/v1/query" }).end();
      return undefined;
    });
    await instant(clientOf(url.replace("//", "//a:b@")), "x");
    expect(received.map(({ method, path }) => [method, path])).toEqual([
      ["POST", "/api/v1/query"],
      ["POST", "/new/api/v1/query"],
    ]);
    expect(received[1]?.parameters.get("query")).toBe("x");
    expect(received[1]?.headers.authorization).toBe(received[0]?.headers.authorization);
  });

  it("is not followed to another host or port, which gets no request", async () => {
    let others = 0;
    const other = await servedApi(() => {
      others += 1;
      return vector([]);
    });
    for (const location of [other, "http://example.invalid/x", "https://me:pw@127.0.0.1/", "http://["]) {
      const url = await servedApi((_, response) => {
        response.writeHead(307, { location }).end();
      });
      const { message, mayRetry, reason } = await failure(instant(clientOf(url)));
      expect(message).toMatch(/it redirects to .* which is another host and not followed$/);
      expect(message).not.toContain("pw");
      expect([mayRetry, reason]).toEqual([false, "refused"]);
    }
    expect(others).toBe(0);
  });

  it("and a refusal of POST end before the next request, without the rest of their answers", async () => {
    const ended: number[] = [];
    let endOfLast = Promise.resolve<unknown>(undefined);
    const url = await servedApi(({ method, path }, response) => {
      const isNew = path.startsWith("/new/");
      const last = endOfLast;
      endOfLast = once(response, "close");
      void last.then(() => {
        ended.push(isNew && method === "POST" ? 405 : isNew ? 200 : 307);
        if (ended.at(-1) === 200) response.end(JSON.stringify(vector([])));
        else response.writeHead(ended.at(-1) as number, { location: "/new/api/v1/query" }).write("endless");
      });
    });
    await instant(clientOf(url));
    expect(ended).toEqual([307, 405, 307, 200]);
  });

  it("is followed five times", async () => {
    let requests = 0;
    const url = await servedApi((_, response) => {
      requests += 1;
      response.writeHead(308, { location: "/again" }).end();
    });
    expect((await failure(instant(clientOf(url)))).message).toMatch(/it redirects more than 5 times$/);
    expect(requests).toBe(6);
  });
});

describe("an error", () => {
  it.each<[number, string | object, string, boolean, boolean]>([
    [
      400,
      { status: "error", errorType: "bad_data", error: "parse error" },
      "it answered 400 (bad_data): parse error",
      false,
      false,
    ],
    [
      422,
      { status: "error", errorType: "execution", error: "too many samples" },
      "it answered 422 (execution): too many samples",
      false,
      true,
    ],
    [
      503,
      { status: "error", errorType: "timeout", error: "query timed out" },
      "it answered 503 (timeout): query timed out",
      true,
      true,
    ],
    [429, "slow down", "it answered 429: no reason given", true, false],
    [502, "<html>", "it answered 502: no reason given", true, false],
    [413, "", "it answered 413: no reason given", false, true],
    [200, "<html>", "expected the answer of a Prometheus API, got something else", false, false],
    [
      200,
      { status: "success", data: { resultType: "scalar", result: [1, "1"] } },
      "the query gives a scalar, expected a vector (vector): write vector(...) around the query",
      false,
      false,
    ],
    [200, matrix([]), "the query gives a matrix, expected a vector (vector)", false, false],
  ])("%d %j is told as it is", async (status, body, message, mayRetry, isTooMuch) => {
    const url = await servedApi((_, response) => {
      response.statusCode = status;
      return body;
    });
    const error = await failure(instant(clientOf(url)));
    expect(error.message).toBe(`${url}: ${message}`);
    expect([error.mayRetry, error.isTooMuch]).toEqual([mayRetry, isTooMuch]);
  });

  it("has the wait that the server asks for", async () => {
    const url = await servedApi((_, response) => {
      response.writeHead(503, { "retry-after": "7" }).end();
    });
    expect((await failure(instant(clientOf(url)))).retryAfterMillis).toBe(7000);
    const other = await servedApi((_, response) => {
      response.statusCode = 503;
      return "";
    });
    expect((await failure(instant(clientOf(other)))).retryAfterMillis).toBe(0);
    expect(new ApiError("unreachable", "gone").retryAfterMillis).toBe(0);
  });

  it.each([
    ['{"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":1},"value":[1,"2"]}]}}'],
    ['{"status":"success","data":{"resultType":"vector","result":[{"metric":null}]}}'],
    ['{"status":"success","data":{"resultType":"vector","result":[{"metric":"text","value":[1,"2"]}]}}'],
    ['{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":5}]}}'],
    ['{"status":"success","data":{"resultType":"vector","result":[{broken}]}}'],
    ['{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":["now","2"]}]}}'],
    ['{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1e300,"2"]}]}}'],
  ])("%s can't be read", async (body) => {
    const error = await failure(instant(clientOf(await servedApi(() => body))));
    expect(error.reason).toBe("not_understood");
    expect(error.message).toMatch(/its answer can't be read: /);
  });

  it("is an answer that breaks off", async () => {
    const url = await servedApi((_, response) => {
      response.writeHead(200, { "content-length": 1000 });
      response.write('{"status":"success"', () => response.destroy());
    });
    const { reason, mayRetry } = await failure(instant(clientOf(url)));
    expect([reason, mayRetry]).toEqual(["unreachable", true]);
  });

  it("is a server that is not there", async () => {
    const url = await servedApi(() => undefined);
    const gone = `http://127.0.0.1:${Number(new URL(url).port) === 1 ? 2 : 1}`;
    const { reason, message, mayRetry } = await failure(instant(clientOf(gone)));
    expect([reason, mayRetry]).toEqual(["unreachable", true]);
    expect(message).toMatch(/^http:\/\/127.0.0.1:\d: .*ECONNREFUSED/);
  });

  it("is an answer that does not come in time, at its beginning or later", async () => {
    for (const begins of [false, true]) {
      const url = await servedApi((_, response) => {
        if (begins) response.write("{");
      });
      const { reason, message, isTooMuch } = await failure(instant(clientOf(url, { timeoutMillis: 50 })));
      expect([reason, isTooMuch]).toEqual(["timeout", true]);
      expect(message).toBe(`${url}: no answer within 0.05 s`);
    }
  });

  it("is that the caller no longer wants the answer", async () => {
    const stop = new AbortController();
    let isClosed = false;
    const url = await servedApi((_, response) => {
      response.on("close", () => (isClosed = true));
      stop.abort();
    });
    const asked = clientOf(url).instant({ query: "x", at: AT, signal: stop.signal }, () => {});
    const { reason, mayRetry } = await failure(asked);
    expect([reason, mayRetry]).toEqual(["stopped", false]);
    await until(() => isClosed);
  });
});

describe("a long answer", () => {
  const series = (index: number): object => ({ metric: { index: String(index) }, value: [1, "1"] });

  it("may be compressed", async () => {
    const body = gzipSync(JSON.stringify(vector(Array.from({ length: 5000 }, (_, index) => series(index)))));
    let accepts: unknown;
    const url = await servedApi(({ headers }, response) => {
      accepts = headers["accept-encoding"];
      response.writeHead(200, { "content-encoding": "gzip" }).end(body);
    });
    const all = await instant(clientOf(url));
    expect(accepts).toBe("gzip");
    expect(all.map(({ labels }) => labels.index)).toEqual(
      Array.from({ length: 5000 }, (_, index) => String(index)),
    );
  });

  it("is refused beyond the limit after decompression, and without an end", async () => {
    const bomb = gzipSync(Buffer.alloc(3 * MEBIBYTE, " "));
    const compressed = await servedApi((_, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(bomb);
    });
    let hasEnded = false;
    const endless = await servedApi((_, response) => {
      response.on("close", () => (hasEnded = true));
      // On Node 26, a write after the end has its callback before the event of the end.
      const more = (error?: Error | null): void => {
        if (error == null && !hasEnded) response.write(" ".repeat(MEBIBYTE), more);
      };
      more();
    });
    for (const url of [compressed, endless]) {
      const { reason, message, isTooMuch } = await failure(
        instant(clientOf(url, { maxAnswerBytes: 2 * MEBIBYTE })),
      );
      expect([reason, isTooMuch]).toEqual(["too_long", true]);
      expect(message).toBe(`${url}: the answer is longer than 2 MiB`);
    }
    await until(() => hasEnded);
  });

  it("is read in slices", async () => {
    const url = await servedApi(() => vector(Array.from({ length: 200 }, (_, index) => series(index))));
    let millis = 0;
    let pauses = 0;
    const clock = {
      elapsedMillis: () => millis,
      pause: async () => {
        pauses += 1;
      },
    };
    await clientOf(url, { clock }).instant({ query: "x", at: AT }, () => {
      millis += 1;
    });
    expect(pauses).toBe(100);
  });
});

it("asks so many queries at the same time, and no more", async () => {
  const waiting: (() => void)[] = [];
  let most = 0;
  const url = await servedApi((_, response) => {
    waiting.push(() => response.end(JSON.stringify(vector([]))));
    most = Math.max(most, waiting.length);
  });
  const client = clientOf(url, { maxConcurrent: 3 });
  const asked = Array.from({ length: 10 }, () => instant(client));
  for (let answered = 0; answered < 10; answered++) {
    await until(() => waiting.length === Math.min(3, 10 - answered));
    waiting.shift()?.();
  }
  expect(await Promise.all(asked)).toHaveLength(10);
  expect(most).toBe(3);
});

it("lets the process end although an answer is awaited, if it is told to", async () => {
  const url = await servedApi(() => undefined);
  const client = new URL("../../src/promql/prometheus-client.ts", import.meta.url).href;
  const script = `
    import { PrometheusClient } from "${client}";
    const client = new PrometheusClient({ url: "${url}", keepsAlive: false });
    client.instant({ query: "x", at: 0 }, () => {}).catch(() => console.log("failed"));
    process.on("exit", () => console.log("ended"));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
  expect(stdout).toBe("ended\n");
});

it("waits half a minute for an answer, unless it is told otherwise", async () => {
  const timeout = vi.spyOn(AbortSignal, "timeout");
  try {
    const url = await servedApi(() => vector([]));
    await instant(clientOf(url));
    await instant(clientOf(url, { timeoutMillis: 70_000 }));
    expect(timeout.mock.calls).toEqual([[30_000], [70_000]]);
  } finally {
    timeout.mockRestore();
  }
});

it("logs each warning of the API once", async () => {
  const lines = warningsLogged();
  const url = await servedApi(() =>
    vector([], { warnings: ["a store is gone"], infos: ["not a counter"], isPartial: true }),
  );
  const client = clientOf(url);
  await instant(client);
  await instant(client);
  expect(lines).toEqual(
    ["a store is gone", "not a counter", "the answer is partial"].map(
      (remark) => `otel-forecast: ${url} warns: ${remark}`,
    ),
  );
});

it("takes a connection that the server has closed for no error", async () => {
  let requests = 0;
  const url = await servedApi((_, response) => {
    requests += 1;
    // The second request of a connection finds it closed.
    if (requests === 2) response.socket?.resetAndDestroy();
    return requests === 2 ? undefined : vector([]);
  });
  const client = clientOf(url);
  await instant(client);
  await new Promise((resolve) => setImmediate(resolve));
  await instant(client);
  expect(requests).toBe(3);
});

it("leaves no connection open when it is closed", async () => {
  const closed = Promise.withResolvers<void>();
  const url = await servedApi((_, response) => {
    const { socket } = response as unknown as { socket: Socket & { server: Server } };
    // The server closes none: it waits for another request for ever.
    socket.server.keepAliveTimeout = 0;
    socket.once("close", () => closed.resolve());
    return vector([]);
  });
  const client = clientOf(url);
  await instant(client);
  client.close();
  expect(await closed.promise).toBeUndefined();
});
