import { setImmediate as nextTurn } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Backfill } from "../../src/backfill/backfill.ts";
import type { RestoredSeries } from "../../src/backfill/backfill-options.ts";
import { askedByName, askedByQuery, type PastQuestion } from "../../src/backfill/past-question.ts";
import type { SeriesKey } from "../../src/core/series-key.ts";
import { PrometheusClient } from "../../src/promql/prometheus-client.ts";
import { defaultResolutions } from "../../src/series/resolution.ts";
import { sleep } from "../../src/system/sleep.ts";
import { expectSame, fedLive } from "../backfill/as-live.ts";
import { until } from "../eventually.ts";
import { needs, prometheus, promtool } from "./harness/components.ts";
import { freePort } from "./harness/free-ports.ts";
import { writeBlocks } from "./harness/past-blocks.ts";
import { PrometheusServer } from "./harness/prometheus.ts";

const SERIES = 50;
const DAYS = 7;
const STEP = 60_000;
/** A Prometheus finds a sample for so long, if none is newer. */
const LOOKBACK = 300_000;
const END = Math.floor(Date.now() / STEP) * STEP;
const START = END - DAYS * 86_400_000;

/** So long before a multiple of the step, samples were scraped. */
const BEFORE = 7000;

/** A sample a little before each multiple of the step, but for some gaps. Each series has others. */
function* samplesOf(index: number): Iterable<[at: number, value: number]> {
  for (let at = START - BEFORE; at <= END; at += STEP) {
    const minute = Math.floor(at / STEP);
    // Single samples, some minutes, and some hours of most days are missing, but of the last one.
    if ((minute + index) % 7 === 0) continue;
    if (at < END - 600_000 && (minute + 13 * index) % 101 < 9) continue;
    if (index % 5 === 0 && at < END - 86_400_000 && (minute + 97 * index) % 1700 < 200) continue;
    const daily = Math.sin((2 * Math.PI * minute) / 1440);
    yield [at, 100 * index + 10 * daily + ((minute * 2_654_435_761) % 1000) / 250];
  }
}

/** What Prometheus gives at each multiple of the step: the newest sample of the last five minutes. */
function* seenFrom(index: number, from: number, to: number): Iterable<[at: number, value: number]> {
  const samples = new Map(samplesOf(index));
  for (let at = from; at <= to; at += STEP) {
    for (let back = at - BEFORE; back > at - LOOKBACK; back -= STEP) {
      const value = samples.get(back);
      if (value === undefined) continue;
      yield [at, value];
      break;
    }
  }
}

describe("the past of series in a real Prometheus", () => {
  const resolutions = defaultResolutions(STEP / 1000);
  let server: PrometheusServer | undefined;

  beforeAll(async () => {
    if (prometheus.path === undefined || promtool.path === undefined) return;
    server = new PrometheusServer(await freePort(), [], undefined, {
      fill: (folder) =>
        writeBlocks(
          folder,
          "queue_depth",
          Array.from({ length: SERIES }, (_, index) => ({
            labels: { queue: String(index), job: "shop" },
            samples: samplesOf(index),
          })),
        ),
    });
    await server.ready();
  });
  afterAll(() => server?.stop());

  function backfillOf(restored: RestoredSeries[]): Backfill {
    return new Backfill({
      client: new PrometheusClient({ url: server?.url ?? "" }),
      resolutions,
      clock: {
        now: () => Date.now(),
        elapsedMillis: () => performance.now(),
        pause: () => nextTurn(),
        sleep,
      },
      restore: (series) => restored.push(series),
    });
  }

  function expectAsLive({ snapshot }: RestoredSeries, index: number): void {
    // The backfill may have begun a minute later.
    const to = Math.max(END, snapshot.tiers[0]?.open?.at ?? 0);
    expectSame(snapshot, fedLive(resolutions, seenFrom(index, START, to)));
  }

  it("is as if it had been taken live: of all series of a query", async (context) => {
    needs(context, prometheus, promtool);
    const restored: RestoredSeries[] = [];
    const backfill = backfillOf(restored);
    backfill.askAll(askedByQuery("depth", 'queue_depth{job="shop"}'));
    await until(() => backfill.pending === 0);
    backfill.stop();
    expect(restored).toHaveLength(SERIES);
    for (const series of restored) {
      expect(series.key.metric).toBe("depth");
      expectAsLive(series, Number(series.key.labels.queue));
    }
  });

  it("is as if it had been taken live: of some series by their labels", async (context) => {
    needs(context, prometheus, promtool);
    const restored: RestoredSeries[] = [];
    const backfill = backfillOf(restored);
    const asked: readonly [SeriesKey, PastQuestion][] = [3, 5, 44].map((index) => [
      { metric: "queue_depth", labels: { queue: String(index) } },
      askedByName("queue_depth"),
    ]);
    for (const [key, question] of asked) expect(backfill.ask(key, question)).toBe(true);
    await until(() => backfill.pending === 0);
    backfill.stop();
    expect(restored.map(({ key }) => key)).toEqual(asked.map(([key]) => key));
    for (const series of restored) expectAsLive(series, Number(series.key.labels.queue));
  });
});
