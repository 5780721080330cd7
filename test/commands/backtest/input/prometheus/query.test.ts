import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { queryPrometheus } from "../../../../../src/commands/backtest/input/prometheus/query.ts";
import { rangeQueryUrl } from "../../../../../src/commands/backtest/input/prometheus/range-query.ts";
import { until } from "../../../../eventually.ts";

const parts = { query: 'rate(x{a="b"}[5m])', start: "1767225600", end: "1767229200", step: "60s" };
/** The limit of Prometheus, and its error. */
const MOST_POINTS = 11_000;
const TOO_MANY =
  "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(listener: RequestListener, range: Partial<typeof parts> = {}): Promise<URL> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return rangeQueryUrl(address, { ...parts, ...range });
}

const MEBIBYTE = 2 ** 20;

const answerWith =
  (body: unknown, status = 200): RequestListener =>
  (_, response) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };
const matrix = (result: unknown[], more: object = {}): object => ({
  status: "success",
  ...more,
  data: { resultType: "matrix", result },
});

/**
 * Answers as Prometheus does, in points of whole milliseconds: a series of all times, and one that
 * begins late. Counts the requests.
 */
function prometheus(asked: URLSearchParams[], lateFrom: number): RequestListener {
  return (request, response) => {
    const query = new URL(request.url as string, "http://x").searchParams;
    asked.push(query);
    const [start, end] = ["start", "end"].map((name) => Math.round(Number(query.get(name)) * 1000));
    const step = Number((query.get("step") as string).replace("s", "")) * 1000;
    const count = Math.floor(((end as number) - (start as number)) / step);
    if (count > MOST_POINTS) {
      answerWith({ status: "error", errorType: "bad_data", error: TOO_MANY }, 400)(request, response);
      return;
    }
    const values = Array.from(
      { length: count + 1 },
      (_, index) => ((start as number) + index * step) / 1000,
    ).map((at) => [at, String(at % 1000)] as const);
    const late = values.filter(([at]) => at >= lateFrom);
    const result = [
      { metric: { pod: "a" }, values },
      ...(late.length > 0 ? [{ metric: { pod: "late" }, values: late }] : []),
    ];
    answerWith(matrix(result, { warnings: ["a store is gone"] }))(request, response);
  };
}

describe("a Prometheus that is asked", () => {
  it("gives its series, named by their labels", async () => {
    let asked: string | undefined;
    const values = [
      [1767225600, "1"],
      [1767225660, "2"],
      [1767225780, "4"],
      [1767225840, "5"],
    ];
    const url = await serve((request, response) => {
      asked = request.url;
      answerWith(
        matrix([
          { metric: { __name__: "up", job: 'a"b' }, values },
          { metric: {}, values },
        ]),
      )(request, response);
    });
    const { series } = await queryPrometheus(url, 5000);
    expect(series.map(({ id }) => id)).toEqual(['up{job="a\\"b"}', "value"]);
    expect(series[0]?.values).toEqual(Float64Array.of(1, 2, Number.NaN, 4, 5));
    expect(new URL(asked as string, "http://x").searchParams.get("query")).toBe(parts.query);
  });

  it.each([
    ["1767225600", 11_000, 2],
    ["1767225600.123", 45_678, 5],
    ["1767225600", 9_999, 1],
  ])(
    "from %s gives %d steps in as few requests as it allows, joined without loss",
    async (start, steps, requests) => {
      const asked: URLSearchParams[] = [];
      const first = Number(start);
      const range = { start, end: String(first + steps * 15), step: "15s" };
      const url = await serve(prometheus(asked, first + 15 * (steps - 20)), range);
      const { series, notes } = await queryPrometheus(url, 5000);
      const expected = Float64Array.from(
        { length: steps + 1 },
        (_, index) => ((Math.round(first * 1000) + index * 15_000) / 1000) % 1000,
      );
      expect(series[0]?.values).toEqual(expected);
      expect(series[0]?.stepSeconds).toBe(15);
      expect(series[1]?.id).toBe('{pod="late"}');
      expect(series[1]?.values).toEqual(expected.slice(-21));
      expect(asked).toHaveLength(requests);
      expect(notes).toEqual(["Prometheus warned: a store is gone"]);
    },
  );

  it("says what Prometheus said when one of several requests is refused", async () => {
    const asked: URLSearchParams[] = [];
    const whole = prometheus(asked, Number.POSITIVE_INFINITY);
    const url = await serve(
      (request, response) => {
        if (asked.length === 1)
          answerWith({ status: "error", error: "query timed out" }, 503)(request, response);
        else whole(request, response);
      },
      { end: "1767825600", step: "15s" },
    );
    await expect(queryPrometheus(url, 5000)).rejects.toThrow(/Prometheus answered: query timed out$/);
  });

  it.each([
    [
      "says what it says when it refuses",
      answerWith({ status: "error", errorType: "bad_data", error: "parse error at char 5" }, 400),
      /Prometheus answered: parse error at char 5/,
    ],
    ["has no series", answerWith(matrix([])), /the query has no series in this range$/],
    [
      "has no series, and a reason",
      answerWith(matrix([], { warnings: ["a store is gone"] })),
      /no series in this range\nPrometheus warned: a store is gone$/,
    ],
    [
      "answers to another question",
      answerWith({ status: "success", data: { resultType: "vector", result: [] } }),
      /expected the answer to a range query \(a matrix\), got something else \(HTTP 200\)/,
    ],
    [
      "has a time that no date has",
      answerWith(matrix([{ metric: {}, values: [[1e300, "1"]] }])),
      /expected the answer to a range query \(a matrix\), got something else \(HTTP 200\)/,
    ],
    ["is none", answerWith("<html>", 502), /got something else \(HTTP 502\)/],
  ])("%s", async (_, listener, message) => {
    await expect(queryPrometheus(await serve(listener), 5000)).rejects.toThrow(message);
  });

  it("receives user and password of the address, which no message shows", async () => {
    let told: string | undefined;
    const url = await serve((request, response) => {
      told = request.headers.authorization;
      answerWith({ status: "error", error: "no" }, 401)(request, response);
    });
    url.username = "me@home";
    url.password = "s3cret";
    const failure = await queryPrometheus(url, 5000).catch((error: Error) => error.message);
    expect(Buffer.from((told as string).replace("Basic ", ""), "base64").toString()).toBe("me@home:s3cret");
    expect(failure).toMatch(/^http:\/\/127.0.0.1:\d+\/api.*: Prometheus answered: no$/);
    expect(failure).not.toMatch(/s3cret|home/);
  });

  it("answers with more than the limit after decompression, or without an end", async () => {
    const bomb = gzipSync(Buffer.alloc(70 * MEBIBYTE, " "));
    const tooLong = /the answer is longer than 64 MiB: use a larger --step, or a query with fewer series$/;
    const compressed = await serve((_, response) => {
      response.writeHead(200, { "content-encoding": "gzip" });
      response.end(bomb);
    });
    await expect(queryPrometheus(compressed, 60_000)).rejects.toThrow(tooLong);
    server?.close();
    let hasEnded = false;
    const endless = await serve((_, response) => {
      const part = Buffer.alloc(MEBIBYTE, " ");
      response.on("close", () => (hasEnded = true));
      // On Node 26, a write after the end has its callback before the event of the end.
      const more = (error?: Error | null): void => {
        if (error == null && !hasEnded) response.write(part, more);
      };
      more();
    });
    await expect(queryPrometheus(endless, 60_000)).rejects.toThrow(tooLong);
    await until(() => hasEnded);
    const declared = await serve((_, response) => {
      response.writeHead(200, { "content-length": 65 * MEBIBYTE });
      response.flushHeaders();
    });
    await expect(queryPrometheus(declared, 60_000)).rejects.toThrow(tooLong);
  });

  it("answers all parts of a query with more than the limit of them together", async () => {
    let requests = 0;
    const padding = " ".repeat(50 * MEBIBYTE);
    const body = JSON.stringify(matrix([{ metric: {}, values: [[1767225600, "1"]] }])) + padding;
    const url = await serve(
      (request, response) => {
        requests += 1;
        answerWith(body)(request, response);
      },
      { end: String(1767225600 + 60 * 45_000) },
    );
    await expect(queryPrometheus(url, 60_000)).rejects.toThrow(
      /the answers together are longer than 128 MiB/,
    );
    expect(requests).toBe(3);
  });

  it("does not answer in time", async () => {
    await expect(queryPrometheus(await serve(() => {}), 50)).rejects.toThrow(/no answer within 0.05 s/);
  });

  it("is not there", async () => {
    const url = await serve(() => {});
    server?.close();
    await new Promise((resolve) => server?.on("close", resolve));
    await expect(queryPrometheus(url, 5000)).rejects.toThrow(/ECONNREFUSED/);
  });
});
