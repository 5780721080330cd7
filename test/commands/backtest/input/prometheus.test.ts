import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import {
  queryPrometheus,
  rangeQueryUrl,
  shownAddress,
} from "../../../../src/commands/backtest/input/prometheus.ts";

const parts = { query: 'rate(x{a="b"}[5m])', start: "1767225600", end: "1767229200", step: "60s" };

describe("the address of a range query", () => {
  it("is taken as it is when it is whole", () => {
    const whole = "http://host:9090/api/v1/query_range?query=up&start=1&end=2&step=15";
    expect(rangeQueryUrl(whole, undefined).href).toBe(whole);
  });

  it("is put together from the address of a Prometheus, behind a path too", () => {
    const url = rangeQueryUrl("https://host/prometheus/", parts);
    expect(url.pathname).toBe("/prometheus/api/v1/query_range");
    expect(Object.fromEntries(url.searchParams)).toEqual(parts);
    expect(rangeQueryUrl("http://host/api/v1/query_range?query=old", parts).searchParams.get("query")).toBe(
      parts.query,
    );
  });

  it.each([
    "http://host:9090",
    "http://host/api/v1/query_range?query=up",
    "http://host/api/v1/query?query=up&start=1&end=2&step=3",
  ])("is not whole: %s", (given) => {
    expect(() => rangeQueryUrl(given, undefined)).toThrow(/expected a whole range query .* or --query/);
  });

  it("is shown without user and password", () => {
    expect(shownAddress("http://me:s3cret@host/p?q=a@b")).toBe("http://host/p?q=a@b");
    expect(shownAddress("data/a@b.csv")).toBe("data/a@b.csv");
    expect(() => rangeQueryUrl("http://me:s3cret@host", undefined)).toThrow(/^http:\/\/host: expected/);
  });

  it("must be an address", () => {
    expect(() => rangeQueryUrl("http://", parts)).toThrow(
      "http://: expected an address such as http://localhost:9090",
    );
  });
});

describe("a Prometheus that is asked", () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  async function serve(listener: RequestListener): Promise<URL> {
    server = createServer(listener);
    await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
    return rangeQueryUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, parts);
  }

  const answerWith =
    (body: unknown, status = 200): RequestListener =>
    (_, response) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    };
  const matrix = (result: unknown[]): object => ({
    status: "success",
    data: { resultType: "matrix", result },
  });

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
    const series = await queryPrometheus(url, 5000);
    expect(series.map(({ id }) => id)).toEqual(['up{job="a\\"b"}', "value"]);
    expect(series[0]?.values).toEqual(Float64Array.of(1, 2, Number.NaN, 4, 5));
    expect(new URL(asked as string, "http://x").searchParams.get("query")).toBe(parts.query);
  });

  it.each([
    [
      "says what it says when it refuses",
      answerWith({ status: "error", errorType: "bad_data", error: "parse error at char 5" }, 400),
      /Prometheus answered: parse error at char 5/,
    ],
    ["has no series", answerWith(matrix([])), /the query has no series in this range/],
    [
      "answers to another question",
      answerWith({ status: "success", data: { resultType: "vector", result: [] } }),
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
