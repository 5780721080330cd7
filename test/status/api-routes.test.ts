import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterEach, describe, expect, it } from "vitest";
import type { Alert } from "../../src/alerts/alert.ts";
import { createRequestHandler } from "../../src/prometheus/request-handler.ts";
import type { ForecastList, ListRequest, SeriesDetail, SeriesStatus } from "../../src/status/answers.ts";
import { apiRoutes } from "../../src/status/api-routes.ts";
import { StatusReader } from "../../src/status/status-reader.ts";
import { Harness, MINUTE } from "../run/harness.ts";

const TICKS = 40;
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A pipeline with two queues that grow, one of them towards a threshold, and an app that is silent. */
async function queues(): Promise<Harness> {
  const harness = new Harness({
    method: "linear-trend",
    horizons: ["1m", "5m"],
    views: [
      {
        instruments: ["queue.size"],
        by: ["queue"],
        outputs: [{ name: "{instrument}", number: "level", isPublished: false, isForecast: true }],
      },
    ],
    thresholds: { queue_size: { above: 100 } },
    alerts: [{ name: "QueueIsFull", metric: "queue_size", threshold: { above: 90 }, horizon: "5m" }],
  });
  const meter = harness.application().getMeter("app");
  const [size, other] = [meter.createGauge("queue.size", { unit: "{item}" }), meter.createGauge("other")];
  await harness.ticks(TICKS, (tick) => {
    size.record(2 * tick, { queue: "fast" });
    size.record(5, { queue: "calm" });
    other.record(1);
  });
  return harness;
}

type Get = (path: string) => Promise<{ status: number; body: ForecastList & SeriesDetail & Other }>;

interface Other {
  readonly error: string;
  readonly alerts: readonly Alert[];
}

function served(harness: Harness): Promise<Get> {
  const reader = new StatusReader({
    engine: () => harness.pipeline.engine,
    alerts: () => harness.pipeline.alerting,
    now: () => harness.world.now(),
  });
  return servedBy(reader);
}

async function servedBy(reader: StatusReader): Promise<Get> {
  const handler = createRequestHandler({
    scrape: async () => ({ format: "text", escaping: "underscores", pieces: [] }),
    health: () => ({ healthy: true }),
    routes: apiRoutes(reader),
  });
  const server = createServer(handler);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return async (path) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
    return { status: response.status, body: (await response.json()) as Awaited<ReturnType<Get>>["body"] };
  };
}

describe("a parameter that a path does not have", () => {
  it.each([
    [
      "/api/forecasts?metric=queue_size",
      'unknown parameter "metric"; expected match, search, sort, limit, offset, recent',
    ],
    ["/api/forecasts?limit=1&limit=2", "limit is given more than once"],
    ["/api/alerts?state=firing", 'unknown parameter "state"; this path has none'],
    ["/api/series/any?recent=1", 'unknown parameter "recent"; this path has none'],
  ])("is refused: %s", async (path, error) => {
    const get = await served(new Harness());
    expect(await get(path)).toEqual({ status: 400, body: { error } });
  });
});

describe("/api/forecasts", () => {
  it("lists series with their forecasts, the most urgent first", async () => {
    const get = await served(await queues());
    const { status, body } = await get('/api/forecasts?match={__name__=~"queue_size|other"}');
    expect(status).toBe(200);
    expect(body.selected).toBe(3);
    expect(body.series).toBeGreaterThan(3);
    expect(body.forecasts.map(({ labels }) => labels)).toEqual([{ queue: "fast" }, { queue: "calm" }, {}]);
    const fast = body.forecasts[0] as SeriesStatus;
    expect(fast).toMatchObject({
      metric: "queue_size",
      unit: "{item}",
      state: "ready",
      value: 2 * (TICKS - 1),
      threshold: { value: 100, direction: "above" },
      trend: "increasing",
      horizons: [{ horizon: "1m" }, { horizon: "5m" }],
    });
    // It grows by 2 in 10 seconds, and 22 are missing.
    expect(fast.secondsToThreshold).toBeGreaterThan(100);
    expect(fast.secondsToThreshold).toBeLessThan(120);
    expect(fast.horizons[0]?.predicted).toBeCloseTo(2 * (TICKS - 1) + 12, 0);
    expect(fast.slopePerHour).toBeCloseTo(720, -1);
    expect((fast.horizons[0]?.at ?? 0) - (fast.at ?? 0)).toBe(MINUTE);
    expect(fast.recommendation).toContain("100");
  });

  it("lists no more than it is asked for, and finds text in names and labels", async () => {
    const get = await served(await queues());
    expect((await get("/api/forecasts?limit=1")).body.forecasts).toHaveLength(1);
    const found = (await get("/api/forecasts?search=CALM")).body.forecasts;
    expect(found.map(({ labels }) => labels.queue)).toEqual(["calm"]);
  });

  it("lists 50 series unless it is asked for another number", async () => {
    const limits: number[] = [];
    const reader = {
      forecasts: async ({ limit }: ListRequest) => {
        limits.push(limit);
        return { now: 0, series: 0, selected: 0, forecasts: [] };
      },
    };
    const get = await servedBy(reader as unknown as StatusReader);
    for (const path of ["/api/forecasts", "/api/forecasts?limit=1000"]) await get(path);
    expect(limits).toEqual([50, 1000]);
  });

  it("lists them by name, leaves out the first, and adds their newest values", async () => {
    const get = await served(await queues());
    const all = (await get("/api/forecasts?limit=1000&sort=name")).body.forecasts;
    const names = all.map(({ metric }) => metric);
    expect(names).toEqual(names.toSorted());
    const { forecasts, selected } = (await get("/api/forecasts?sort=name&offset=1&limit=2")).body;
    expect(forecasts.map(({ id }) => id)).toEqual(all.slice(1, 3).map(({ id }) => id));
    expect(selected).toBe(all.length);
    const [fast] = (await get('/api/forecasts?match=queue_size{queue="fast"}&recent=3')).body.forecasts;
    expect(fast?.recent).toMatchObject({
      stepSeconds: 10,
      values: [TICKS - 3, TICKS - 2, TICKS - 1].map((tick) => 2 * tick),
    });
  });

  it.each([
    ["/api/forecasts?offset=-1", /offset must be a whole number from 0/],
    ["/api/forecasts?recent=101", /recent must be a whole number from 0 to 100, got 101/],
    ["/api/forecasts?sort=value", /sort must be urgency or name, got value/],
    ["/api/forecasts?limit=0", /limit must be a whole number from 1 to 1000, got 0/],
    ["/api/forecasts?limit=many", /limit/],
    ["/api/forecasts?match={", /selector/],
  ])("%s is answered 400 with the reason", async (path, message) => {
    const { status, body } = await (await served(await queues()))(path);
    expect(status).toBe(400);
    expect(body.error).toMatch(message);
  });

  it("says of a series that had no value that it is silent", async () => {
    const harness = await queues();
    harness.pipeline.engine.standStill();
    await harness.pipeline.engine.take([], harness.world.millis + 10_000);
    const get = await served(harness);
    const { body } = await get("/api/forecasts?match=queue_size");
    expect(body.forecasts.map(({ state }) => state)).toEqual(["silent", "silent"]);
  });
});

describe("/api/series/ID", () => {
  it("has the past, the path and the quality of the forecasts", async () => {
    const get = await served(await queues());
    const { body: list } = await get('/api/forecasts?match=queue_size{queue="fast"}');
    const { id, at = 0, horizons } = list.forecasts[0] as SeriesStatus;
    const { status, body } = await get(`/api/series/${id}`);
    expect(status).toBe(200);
    expect(body.past.stepSeconds).toBe(10);
    expect(body.past.values.slice(-3)).toEqual([TICKS - 3, TICKS - 2, TICKS - 1].map((tick) => 2 * tick));
    expect(Math.abs(body.past.endsAt - at)).toBeLessThanOrEqual(5000);
    expect({ ...body.path.at(-1), horizon: "5m" }).toEqual(horizons[1]);
    // Those of the horizon of a minute, whose time has come: the growth was forecast rightly.
    const { horizon, forecasts = [] } = body.before[0] ?? {};
    expect([horizon, forecasts.length > 5]).toEqual(["1m", true]);
    const step = 10_000;
    for (const { at: dueAt, predicted } of forecasts)
      expect(predicted).toBeCloseTo(2 * (TICKS - 1) - (2 * (at - dueAt)) / step, 0);
    expect(body.quality).toMatchObject([
      { horizon: "1m", method: expect.stringContaining("linear-trend") },
      {},
    ]);
  });

  it.each(["none", "%E0%A4%A", ""])("answers 404 to the unknown id %o", async (id) => {
    const { status, body } = await (await served(await queues()))(`/api/series/${id}`);
    expect({ status, body }).toEqual({ status: 404, body: { error: "there is no series with this id" } });
  });
});

it("all answers are as the schema in the documentation describes them", async () => {
  const get = await served(await queues());
  const list = (await get("/api/forecasts?limit=1000")).body;
  const details = await Promise.all(
    list.forecasts.map(async ({ id }) => (await get(`/api/series/${id}`)).body),
  );
  const others = [(await get("/api/alerts")).body, (await get("/api/series/none")).body];
  const schema = JSON.parse(readFileSync(resolve(import.meta.dirname, "../../docs/api.schema.json"), "utf8"));
  const validate = new Ajv2020({ allowUnionTypes: true }).compile(schema);
  const wrong = [list, ...details, ...others].flatMap((body) => (validate(body) ? [] : [validate.errors]));
  expect(wrong).toEqual([]);
  expect(details.length).toBeGreaterThan(3);
});

it("/api/alerts lists the alerts that are not inactive", async () => {
  const { body } = await (await served(await queues()))("/api/alerts");
  expect(body.alerts).toMatchObject([
    { name: "QueueIsFull", state: expect.stringMatching(/pending|firing/), labels: { queue: "fast" } },
  ]);
});
