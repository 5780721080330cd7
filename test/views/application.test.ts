import { type Meter, ValueType } from "@opentelemetry/api";
import { AggregationType, type ViewOptions } from "@opentelemetry/sdk-metrics";
import { describe, expect, it } from "vitest";
import type { ForecastOptions } from "../../src/config/options.ts";
import type { ForecastView } from "../../src/views/forecast-view.ts";
import { Harness } from "../run/harness.ts";

async function collected(
  ticks: number,
  record: (meter: Meter) => () => void,
  options: ForecastOptions = {},
  views: ViewOptions[] = [],
): Promise<Harness> {
  const harness = new Harness(options);
  await harness.ticks(ticks, record(harness.application({ views }).getMeter("app")));
  return harness;
}

function view(parts: Partial<ForecastView> & Pick<ForecastView, "instruments" | "outputs">): ForecastView {
  return { by: "all", ...parts };
}

const level = { name: "{instrument}", number: "level", isPublished: false, isForecast: true } as const;

describe("a view of levels that sums over attributes", () => {
  const sum = view({ instruments: ["queue.*"], by: ["shop"], outputs: [{ ...level, name: "waiting" }] });
  const waiting = async (harness: Harness, shop: string) => {
    const shown = (await harness.shown()).get("waiting_predicted") ?? [];
    return shown.find(({ labels }) => labels.shop === shop)?.value;
  };

  it("adds up the latest value of each attribute set, of all its instruments", async () => {
    const harness = await collected(
      15,
      (meter) => {
        const gauge = meter.createGauge("queue.mail");
        const upDown = meter.createUpDownCounter("queue.sms");
        gauge.record(100, { shop: "a", region: "us" });
        upDown.add(1000, { shop: "a" });
        return () => {
          gauge.record(4, { shop: "a", region: "eu" });
          gauge.record(9, { shop: "b", region: "eu" });
        };
      },
      { views: [sum] },
    );
    expect(await waiting(harness, "a")).toBe(1104);
    expect(await waiting(harness, "b")).toBe(9);
  });

  it("leaves out attribute sets whose source has gone", async () => {
    const harness = await collected(
      20,
      (meter) => {
        const gauge = meter.createGauge("queue.mail");
        let tick = 0;
        return () => {
          gauge.record(4, { shop: "a", region: "eu" });
          if (tick++ < 5) gauge.record(100, { shop: "a", region: "us" });
        };
      },
      { views: [sum], expiryMillis: 60_000 },
    );
    expect(await waiting(harness, "a")).toBe(4);
  });
});

describe("instruments of the application, without a view for them", () => {
  it("are forecast by their level if they are gauges, with their own labels and not published twice", async () => {
    const harness = await collected(15, (meter) => {
      const gauge = meter.createGauge("queue.depth");
      return () => {
        gauge.record(4, { queue: "mail", "a.b": "x" });
        gauge.record(9, { queue: "sms" });
      };
    });
    const shown = await harness.shown();
    expect(shown.get("queue_depth")).toBeUndefined();
    expect(shown.get("queue_depth_predicted")?.map(({ labels, value }) => [{ ...labels }, value])).toEqual([
      [{ queue: "mail", "a.b": "x", horizon: "1m" }, 4],
      [{ queue: "sms", horizon: "1m" }, 9],
    ]);
  });

  it("are forecast by their level if they are up-down counters, as the sum since the start", async () => {
    const harness = await collected(15, (meter) => {
      const upDown = meter.createUpDownCounter("connections");
      const observed = meter.createObservableUpDownCounter("threads");
      observed.addCallback((result) => result.observe(8));
      let tick = 0;
      return () => upDown.add(tick++ < 3 ? 2 : 0);
    });
    expect(await harness.value("connections_predicted")).toBe(6);
    expect(await harness.value("threads_predicted")).toBe(8);
  });

  it("are forecast by their rate if they are counters, and the rate is published under its own name", async () => {
    const harness = await collected(15, (meter) => {
      const counter = meter.createCounter("orders.done", { unit: "{order}", valueType: ValueType.INT });
      const observed = meter.createObservableCounter("sent", { unit: "By" });
      let bytes = 0;
      observed.addCallback((result) => {
        bytes += 5000;
        result.observe(bytes);
      });
      return () => counter.add(20, { shop: "a" });
    });
    expect(await harness.value("orders_done_per_second", { shop: "a" })).toBe(2);
    expect(await harness.value("orders_done_per_second_predicted", { shop: "a" })).toBe(2);
    expect(await harness.value("sent_bytes_per_second")).toBe(500);
  });

  it("are forecast by their 95th percentile if they are histograms, also with buckets of an SDK view", async () => {
    const record = (meter: Meter) => {
      const histograms = ["exponential", "explicit"].map((name) =>
        meter.createHistogram(name, { unit: "s" }),
      );
      let tick = 0;
      return () => {
        for (let i = 1; i <= 100; i += 1) {
          for (const histogram of histograms) histogram.record(i / 10 + tick / 1000);
        }
        tick += 1;
      };
    };
    const views: ViewOptions[] = [
      {
        instrumentName: "explicit",
        aggregation: {
          type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM,
          options: { boundaries: Array.from({ length: 21 }, (_, i) => i / 2) },
        },
      },
    ];
    const harness = await collected(15, record, {}, views);
    const exact = 9.505;
    for (const name of ["exponential_p95_seconds", "explicit_p95_seconds"]) {
      const value = (await harness.value(name)) as number;
      expect(Math.abs(value / exact - 1), name).toBeLessThan(0.02);
      expect(await harness.value(`${name}_predicted`), name).toBeCloseTo(value, 1);
    }
  });

  it("keep the names of the application's SDK views", async () => {
    const harness = await collected(
      15,
      (meter) => {
        const gauge = meter.createGauge("level");
        return () => gauge.record(3);
      },
      {},
      [{ instrumentName: "level", name: "renamed" }],
    );
    expect(await harness.value("renamed_predicted")).toBe(3);
    expect(await harness.value("level_predicted")).toBeUndefined();
  });

  it("may have names and attribute keys such as __proto__", async () => {
    const harness = await collected(15, (meter) => {
      const gauge = meter.createGauge("constructor");
      return () =>
        gauge.record(
          3,
          Object.fromEntries([
            ["__proto__", "x"],
            ["constructor", "y"],
          ]),
        );
    });
    const [point] = (await harness.shown()).get("constructor_predicted") ?? [];
    expect(point?.value).toBe(3);
    expect(point?.labels.constructor).toBe("y");
    expect(Object.getOwnPropertyDescriptor(point?.labels, "__proto__")?.value).toBe("x");
  });

  it("have attribute values as JSON if they are not strings", async () => {
    const harness = await collected(3, (meter) => {
      const gauge = meter.createGauge("level");
      return () => gauge.record(3, { list: ["a", "b"], nothing: undefined, number: 5, yes: true });
    });
    expect(harness.pipeline.engine.forecasts({ metricName: "level" })[0]?.labels).toEqual({
      list: '["a","b"]',
      nothing: "",
      number: "5",
      yes: "true",
    });
  });
});

describe("views", () => {
  const requests = (meter: Meter) => {
    const histogram = meter.createHistogram("request.duration", { unit: "s" });
    return () => {
      for (let i = 0; i < 10; i += 1) {
        histogram.record(1, { route: i < 6 ? "/a" : "/b", status: i < 3 ? "500" : "200" });
      }
    };
  };

  it("give a ratio of the selected points, by some attributes and over the others", async () => {
    const errors = view({
      instruments: ["request.*"],
      by: ["route"],
      outputs: [
        {
          name: "errors",
          unit: "",
          number: "ratio",
          of: [{ status: "5??" }],
          isPublished: true,
          isForecast: true,
          bounds: { lower: 0, upper: 1 },
        },
      ],
    });
    const harness = await collected(13, requests, { views: [errors] });
    expect(await harness.value("errors", { route: "/a" })).toBe(0.5);
    expect(await harness.value("errors", { route: "/b" })).toBe(0);
    expect((await harness.shown()).get("errors")?.map(({ labels }) => ({ ...labels }))).toEqual([
      { route: "/a" },
      { route: "/b" },
    ]);
    expect(await harness.value("errors_predicted", { route: "/a" })).toBe(0.5);
  });

  it("leave out points that do not match, and sum over attributes into one series", async () => {
    const total = view({
      instruments: ["request.duration"],
      where: { route: "/a", status: "!5??" },
      by: [],
      outputs: [{ name: "good", unit: "", number: "rate", isPublished: true, isForecast: false }],
    });
    const harness = await collected(2, requests, { views: [total] });
    expect((await harness.shown()).get("good")?.map(({ labels, value }) => [{ ...labels }, value])).toEqual([
      [{}, 0.3],
    ]);
    expect(harness.pipeline.engine.forecasts({ metricName: "good" })).toEqual([]);
  });

  it("give the mean of a histogram and of a level over the window, and any percentile", async () => {
    const outputs = [
      { name: "{instrument}.mean", number: "mean", isPublished: true, isForecast: true },
      { name: "{instrument}.p25", number: "quantile", quantile: 0.25, isPublished: true, isForecast: true },
    ] as const;
    const record = (meter: Meter) => {
      const histogram = meter.createHistogram("h");
      const gauge = meter.createGauge("g");
      let tick = 0;
      return () => {
        tick += 1;
        for (let i = 1; i <= 9; i += 1) histogram.record(i);
        gauge.record(tick);
      };
    };
    const harness = await collected(4, record, { views: [view({ instruments: ["h", "g"], outputs })] });
    expect(await harness.value("h_mean")).toBe(5);
    expect(await harness.value("g_mean")).toBe(2.5);
    expect(Math.abs(((await harness.value("h_p25")) as number) / 3 - 1)).toBeLessThan(0.02);
    expect(await harness.value("g_p25")).toBeUndefined();
  });

  it("of the same series: the first wins, and the next completes what it leaves open", async () => {
    const views = [
      view({
        instruments: ["system.cpu.usage_percent"],
        outputs: [{ ...level, threshold: { value: 20, direction: "above" } }],
      }),
    ];
    const harness = new Harness({ views, method: "linear-trend", horizons: ["1h"] });
    await harness.ticks(15, (tick) => {
      harness.world.sampled = { cpuPercent: 80 + tick };
    });
    expect(await harness.value("system_cpu_usage_percent")).toBe(94);
    expect(await harness.value("forecast_time_to_threshold_seconds", { threshold: "20" })).toBe(0);
    expect(await harness.value("system_cpu_usage_percent_predicted")).toBe(100);
  });

  it("take precedence by their order, not by the order of the instruments", async () => {
    const named = (name: string, number: "rate" | "mean"): ForecastView =>
      view({
        instruments: ["request.*"],
        by: [],
        outputs: [{ name, unit: "", number, isPublished: true, isForecast: false }],
      });
    const one = await collected(2, requests, { views: [named("same", "rate"), named("same", "mean")] });
    expect(await one.value("same")).toBe(1);
    const other = await collected(2, requests, { views: [named("same", "mean"), named("same", "rate")] });
    expect(await other.value("same")).toBe(1);
    const slow = (meter: Meter) => {
      const histogram = meter.createHistogram("request.duration");
      return () => histogram.record(7);
    };
    expect(
      await (await collected(2, slow, { views: [named("same", "rate"), named("same", "mean")] })).value(
        "same",
      ),
    ).toBe(0.1);
    expect(
      await (await collected(2, slow, { views: [named("same", "mean"), named("same", "rate")] })).value(
        "same",
      ),
    ).toBe(7);
  });

  it("can have their own horizons and method", async () => {
    const views = [
      view({
        instruments: ["system.cpu.*"],
        outputs: [level],
        horizons: [{ label: "90s", seconds: 90 }],
        method: "linear-trend",
      }),
    ];
    const harness = new Harness({ views });
    await harness.ticks(15, (tick) => {
      harness.world.sampled = { cpuPercent: tick, memoryPercent: tick };
    });
    expect(harness.pipeline.engine.forecasts({ metricName: "system_cpu_usage_percent" })).toMatchObject([
      { horizonSeconds: 90, method: "linear-trend" },
    ]);
    expect(harness.pipeline.engine.forecasts({ metricName: "system_memory_usage_percent" })).toMatchObject([
      { horizonSeconds: 60, method: "naive" },
    ]);
  });

  it("name their metrics after the instrument, and a scope selects between instruments of one name", async () => {
    const views = [
      view({
        instruments: ["*"],
        scope: "app",
        kinds: ["increment"],
        outputs: [{ name: "seen.{base}", unit: "", number: "rate", isPublished: true, isForecast: false }],
      }),
    ];
    const harness = new Harness({ views });
    const provider = harness.application();
    const counters = ["app", "lib"].map((scope) =>
      provider.getMeter(scope).createCounter("hits", { unit: "By" }),
    );
    await harness.ticks(2, () => {
      for (const counter of counters) counter.add(10);
    });
    expect(await harness.value("seen_hits_bytes")).toBe(1);
  });
});
