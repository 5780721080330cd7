import { DiagLogLevel, diag } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ForecastOptions } from "../../src/config/options.ts";
import { Harness, World } from "./harness.ts";

const said: string[] = [];

beforeEach(() => {
  said.length = 0;
  const logger = {
    error: () => {},
    warn: (it: string) => said.push(it),
    info: (it: string) => said.push(it),
  };
  diag.setLogger({ ...logger, debug: () => {}, verbose: () => {} }, { logLevel: DiagLogLevel.INFO });
});

afterEach(() => diag.disable());

const CONFIGURATION = `
views:
  - { instrument: shop.queue, number: level, name: shop.depth }
  - { instrument: [shop.queeu, shop.q], number: level }
  - { instrument: ai_cloud.task.duration, number: quantile, by: [agent], name: slow }
thresholds:
  shop_queu: { above: 5 }
  shop.wait: { above: 5 }
  shop_depth: { above: 5 }
alerts:
  - { name: Depth, metric: shop_depth, threshold: { above: 5 } }
  - { name: Elsewhere, metric: shop_depth, where: { region: us }, threshold: { above: 5 } }
`;

/** An application with the gauges `shop.queue` and `shop.wait`, the latter in seconds. */
function begin(options: ForecastOptions = {}): Harness {
  const harness = new Harness({ configFile: "f.yaml", ...options }, new World(), CONFIGURATION);
  const meter = harness.application().getMeter("shop");
  meter.createObservableGauge("shop.queue").addCallback((result) => result.observe(3, { region: "eu" }));
  meter.createObservableGauge("shop.wait", { unit: "s" }).addCallback((result) => result.observe(9));
  return harness;
}

const aboutNames = () => said.filter((line) => line.includes("has selected nothing"));

describe("a name in the configuration that has selected nothing", () => {
  it("is logged once, some time after the start, with the nearest names", async () => {
    const harness = begin();
    await harness.ticks(29);
    expect(aboutNames()).toEqual([]);
    await harness.ticks(30);
    expect(aboutNames()).toEqual([
      expect.stringContaining("the view of shop.queeu, shop.q has selected nothing"),
      expect.stringContaining("the view of ai_cloud.task.duration has selected nothing"),
      expect.stringContaining("the threshold of shop_queu has selected nothing"),
      expect.stringContaining("the alert Elsewhere on shop_depth has selected nothing"),
    ]);
    expect(aboutNames()[0]).toContain("the nearest names so far are shop.queue");
    expect(aboutNames()[2]).toContain("the nearest names so far are shop_queue, shop_depth");
  });

  it("is logged five minutes after the first collection when they come every minute", async () => {
    const harness = begin({ collectionIntervalMillis: 60_000 });
    await harness.ticks(5);
    expect(aboutNames()).toEqual([]);
    await harness.ticks(1);
    expect(aboutNames()).toHaveLength(4);
  });

  it("is logged after five minutes when collections are rare, but not before the third", async () => {
    const harness = begin({ collectionIntervalMillis: 600_000 });
    await harness.ticks(2);
    expect(aboutNames()).toEqual([]);
    await harness.ticks(1);
    expect(aboutNames()).toHaveLength(4);
  });

  it("is not logged when another process may measure what it selects", async () => {
    const harness = begin();
    harness.pipeline.unselected.silentWhile(() => true);
    await harness.ticks(40);
    expect(aboutNames()).toEqual([]);
  });
});

it("a threshold by the OpenTelemetry name applies", async () => {
  const harness = begin();
  await harness.ticks(15);
  const forecasts = harness.pipeline.engine.forecasts({ metricName: "shop_wait_seconds" });
  expect(forecasts).toMatchObject([
    { state: "ready", recommendation: expect.stringContaining("limit of 5") },
  ]);
});

it("a cost without prices is logged with this reason instead of other names", async () => {
  const harness = begin({ thresholds: { ai_cloud_cost_today: { above: 5 } } });
  await harness.ticks(30);
  expect(aboutNames().filter((line) => line.includes("cost"))).toEqual([
    expect.stringMatching(
      /the threshold of ai_cloud_cost_today has selected nothing: cost is measured only of models with prices$/,
    ),
  ]);
});
