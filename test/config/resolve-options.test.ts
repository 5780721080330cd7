import { describe, expect, it } from "vitest";
import type { ForecastOptions, ResolvedOptions } from "../../src/config/options.ts";
import { resolveOptions } from "../../src/config/resolve-options.ts";

interface Resolved {
  readonly options: ResolvedOptions;
  readonly warnings: string[];
}

function resolve(
  options: ForecastOptions = {},
  environment: Record<string, string> = {},
  files: Record<string, string> = {},
): Resolved {
  const warnings: string[] = [];
  const readFile = (path: string): string => {
    const content = files[path];
    if (content === undefined) throw new Error(`ENOENT: no such file or directory, open '${path}'`);
    return content;
  };
  return {
    options: resolveOptions(options, { environment, readFile, warn: (it) => warnings.push(it) }),
    warnings,
  };
}

const minute = { label: "1m", seconds: 60 };

describe("without options, variables and file", () => {
  it("has the defaults of the contract", () => {
    const { options, warnings } = resolve();
    expect(options).toMatchObject({
      host: "localhost",
      port: 9464,
      collectionIntervalMillis: 10_000,
      windowMillis: 300_000,
      forecastIntervalMillis: 300_000,
      horizons: [
        { label: "5m", seconds: 300 },
        { label: "1h", seconds: 3600 },
      ],
      method: "auto",
      agentName: undefined,
      namespace: "ai_cloud",
      history: "memory",
      maxSeries: 10_000,
      expiryMillis: 3_600_000,
      exporters: ["prometheus"],
    });
    expect(warnings).toEqual([]);
  });
});

/**
 * Option, variable, a valid option and its text, the value of both, invalid options, invalid texts,
 * the default in messages.
 */
type Row = readonly [
  option: keyof ForecastOptions,
  variable: string,
  good: unknown,
  text: string,
  value: unknown,
  badOptions: readonly unknown[],
  badTexts: readonly string[],
  used: string,
];

const rows: readonly Row[] = [
  ["host", "OTEL_EXPORTER_PROMETHEUS_HOST", "::1", "::1", "::1", ["", "a b", 5, null], ["a b"], "localhost"],
  [
    "port",
    "OTEL_EXPORTER_PROMETHEUS_PORT",
    9091,
    "9091",
    9091,
    [-1, 65_536, 1.5, "9091", Number.NaN, null, 5n],
    ["-1", "65536", "1.5", "x"],
    "9464",
  ],
  [
    "collectionIntervalMillis",
    "OTEL_FORECAST_COLLECTION_INTERVAL",
    1000,
    "1000",
    1000,
    [0, 49, -5, "1s", Number.POSITIVE_INFINITY],
    ["0", "soon", "-1", "1e4"],
    "10000",
  ],
  ["windowMillis", "OTEL_FORECAST_WINDOW", 60_000, "60000", 60_000, [0, -1, "5m"], ["0", "5m"], "300000"],
  [
    "forecastIntervalMillis",
    "OTEL_FORECAST_INTERVAL",
    60_000,
    "60000",
    60_000,
    [999, "5m"],
    ["999", "NaN"],
    "300000",
  ],
  [
    "horizons",
    "OTEL_FORECAST_HORIZONS",
    ["1m"],
    " 1m ",
    [minute],
    [[], "1m", ["1 parsec"], [60], ["0s"], ["31d"], [null]],
    ["5 parsecs", "1m,", "0m"],
    "5m,1h",
  ],
  [
    "method",
    "OTEL_FORECAST_METHOD",
    "linear-trend",
    "linear-trend",
    "linear-trend",
    ["crystal-ball", "", 5, "__proto__"],
    ["crystal-ball"],
    "auto",
  ],
  ["agentName", "OTEL_FORECAST_AGENT", "me", "me", "me", ["", "  ", 5], [], "none"],
  [
    "namespace",
    "OTEL_FORECAST_NAMESPACE",
    "fleet",
    "fleet",
    "fleet",
    ["", "1x", "a.b", "a-b", "x".repeat(64), 5],
    ["1 2"],
    "ai_cloud",
  ],
  [
    "history",
    "OTEL_FORECAST_HISTORY",
    "file:./past",
    "file:./past",
    "file:./past",
    ["file:", "disk", 5],
    ["stone-tablet"],
    "memory",
  ],
  [
    "backfill",
    "OTEL_FORECAST_BACKFILL",
    "https://prometheus:9090/path",
    "https://prometheus:9090/path",
    "https://prometheus:9090/path",
    ["", "prometheus:9090", "ftp://prometheus", 5],
    ["prometheus:9090", "file:./past", "http://"],
    "none",
  ],
  ["maxSeries", "OTEL_FORECAST_MAX_SERIES", 5, "5", 5, [0, -1, 1.5, "5"], ["0", "many"], "10000"],
  [
    "expiryMillis",
    "OTEL_FORECAST_EXPIRY",
    90_000,
    "90s",
    90_000,
    [0, -1, "90s"],
    ["never", "0", "-5"],
    "3600000",
  ],
  [
    "exporters",
    "OTEL_METRICS_EXPORTER",
    ["otlp", "prometheus", "otlp"],
    "otlp, prometheus",
    ["otlp", "prometheus"],
    ["otlp", ["pigeon"], [5]],
    ["carrier-pigeon", "otlp,"],
    "prometheus",
  ],
];

describe.each(rows)(
  "option %s and variable %s",
  (option, variable, good, text, value, badOptions, badTexts, used) => {
    it("mean the same", () => {
      expect(resolve({ [option]: good }).options[option as keyof ResolvedOptions]).toEqual(value);
      const { options, warnings } = resolve({}, { [variable]: text });
      expect(options[option as keyof ResolvedOptions]).toEqual(value);
      expect(warnings).toEqual([]);
    });

    it("are used as given, and the option wins", () => {
      const fromOption = resolve({ [option]: good }).options[option as keyof ResolvedOptions];
      const { options, warnings } = resolve({ [option]: good }, { [variable]: badTexts[0] ?? text });
      expect(options[option as keyof ResolvedOptions]).toEqual(fromOption);
      expect(warnings).toEqual([]);
    });

    it("a wrong option throws, with its name and what was expected", () => {
      for (const bad of badOptions) {
        expect(() => resolve({ [option]: bad }), String(bad)).toThrow(TypeError);
        expect(() => resolve({ [option]: bad }), String(bad)).toThrow(
          new RegExp(`^otel-forecast: option "${option}" must be .{5,}, got `),
        );
      }
    });

    it.each(badTexts)("the wrong variable %j is reported in one line, with what is used instead", (bad) => {
      const { options, warnings } = resolve({}, { [variable]: bad });
      expect(options[option as keyof ResolvedOptions]).toEqual(
        resolve().options[option as keyof ResolvedOptions],
      );
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toMatch(/^\S+ must be .+, got .+; using .+ instead$/);
      expect(warnings[0]).toContain(variable);
      expect(warnings[0]).toContain(`got ${JSON.stringify(bad)}; using ${used} instead`);
      expect(warnings[0]).not.toContain("\n");
    });

    it("an empty variable is ignored", () => {
      for (const empty of ["", "  "]) {
        const { options, warnings } = resolve({}, { [variable]: empty });
        expect(options[option as keyof ResolvedOptions]).toEqual(
          resolve().options[option as keyof ResolvedOptions],
        );
        expect(warnings).toEqual([]);
      }
    });
  },
);

describe("special values", () => {
  it("an address is shown without its login", () => {
    const { warnings } = resolve({}, { OTEL_FORECAST_BACKFILL: "ftp://me:s3cret@host/p" });
    expect(warnings).toEqual([expect.stringMatching(/got "ftp:\/\/host\/p"; using none instead$/)]);
    expect(() => resolve({ backfill: "ftp://me:s3cret@host" })).toThrow(/got "ftp:\/\/host"$/);
  });

  it.each([
    ["OTEL_FORECAST_COLLECTION_INTERVAL", "10s", "a whole number of milliseconds from 50 to 86400000"],
    ["OTEL_FORECAST_WINDOW", "5m", "a whole number of milliseconds from 50 to 86400000"],
    ["OTEL_FORECAST_INTERVAL", "1h", "a whole number of milliseconds from 1000 to 86400000"],
  ])("the unit of %s is said, where %s has one", (variable, text, expected) => {
    expect(resolve({}, { [variable]: text }).warnings).toEqual([
      expect.stringMatching(`^${variable} must be ${expected}, got "${text}"; using \\d+ instead$`),
    ]);
  });

  it.each([
    ["OTEL_FORECAST_PAGE", 'must be on or off, got "disabled"; using on instead'],
    ["OTEL_FORECAST_CLASSIC_BUCKETS", 'must be on or off, got "disabled"; using on instead'],
    ["OTEL_FORECAST_LEARNED", 'must be on or off, got "disabled"; using off instead'],
    ["OTEL_FORECAST_REQUIRE_AUTH", 'must be true or false, got "disabled"; using true instead'],
  ])("what is used instead of a wrong %s is said as it is written there", (variable, says) => {
    expect(resolve({}, { [variable]: "disabled" }).warnings).toEqual([`${variable} ${says}`]);
  });

  it("a login is required if the variable for it is wrong, and not if it is not set", () => {
    const required = (text: string) => resolve({}, { OTEL_FORECAST_REQUIRE_AUTH: text }).options.requireAuth;
    expect(["ture", "true", "", "false"].map(required)).toEqual([true, true, false, false]);
  });

  it("the names of exporters may be in capitals", () => {
    const { options, warnings } = resolve({}, { OTEL_METRICS_EXPORTER: "Prometheus, OTLP" });
    expect([options.exporters, warnings]).toEqual([["prometheus", "otlp"], []]);
  });

  it("agents have no namespace that has the metrics of the system", () => {
    const { options, warnings } = resolve({}, { OTEL_FORECAST_NAMESPACE: "system" });
    expect(options.namespace).toBe("ai_cloud");
    expect(warnings).toEqual([expect.stringContaining('other than system, got "system"')]);
  });

  it("no exporter is the list `none`, or an empty list", () => {
    expect(resolve({ exporters: ["none"] }).options.exporters).toEqual([]);
    expect(resolve({}, { OTEL_METRICS_EXPORTER: "none" }).options.exporters).toEqual([]);
  });

  it("horizons of the same length are one horizon", () => {
    expect(resolve({ horizons: ["60s", "1m", "5m"] }).options.horizons.map(({ label }) => label)).toEqual([
      "60s",
      "5m",
    ]);
  });

  it("an expiry may be a duration or milliseconds in its variable", () => {
    expect(resolve({}, { OTEL_FORECAST_EXPIRY: "120000" }).options.expiryMillis).toBe(120_000);
    expect(resolve({}, { OTEL_FORECAST_EXPIRY: "2h" }).options.expiryMillis).toBe(7_200_000);
  });

  it("the window is at least one collection interval, and the expiry at least three", () => {
    const given = { collectionIntervalMillis: 60_000, windowMillis: 1000, expiryMillis: 1000 };
    const { options, warnings } = resolve(given);
    expect(options).toMatchObject({ windowMillis: 60_000, expiryMillis: 180_000 });
    expect(warnings).toEqual([
      'option "windowMillis" must be at least the collection interval (60000 ms), got 1000; using 60000 instead',
      'option "expiryMillis" must be at least 3 collection intervals (180000 ms), got 1000; using 180000 instead',
    ]);
  });

  it("a variable that is raised is named too", () => {
    const { options, warnings } = resolve(
      { collectionIntervalMillis: 60_000 },
      { OTEL_FORECAST_WINDOW: "1000", OTEL_FORECAST_EXPIRY: "1m" },
    );
    expect(options).toMatchObject({ windowMillis: 60_000, expiryMillis: 180_000 });
    expect(warnings).toEqual([
      expect.stringMatching(/OTEL_FORECAST_WINDOW must be at least .*, got 1000; using 60000 instead$/),
      expect.stringMatching(/OTEL_FORECAST_EXPIRY must be at least .*, got 60000; using 180000 instead$/),
    ]);
  });

  it("nothing is logged if a default is raised, or if the given value is long enough", () => {
    const slow = resolve({ collectionIntervalMillis: 3_600_000 });
    expect(slow.options).toMatchObject({ windowMillis: 3_600_000, expiryMillis: 10_800_000 });
    expect(slow.warnings).toEqual([]);
    const just = resolve({ collectionIntervalMillis: 1000, windowMillis: 1000, expiryMillis: 3000 });
    expect([just.options.windowMillis, just.options.expiryMillis, just.warnings]).toEqual([1000, 3000, []]);
  });

  it("a variable that is not a duration is reported once", () => {
    const { warnings } = resolve(
      { collectionIntervalMillis: 3_600_000 },
      { OTEL_FORECAST_WINDOW: "long", OTEL_FORECAST_EXPIRY: "long" },
    );
    expect(warnings).toHaveLength(2);
  });

  it.each([
    [{ prot: 9091 }, "prot"],
    [{ otelPort: 1 }, "otelPort"],
    [{ Port: 1 }, "Port"],
  ])("%o is an unknown option, which is reported with the known ones", (options, name) => {
    expect(() => resolve(options as ForecastOptions)).toThrow(
      new RegExp(`unknown option "${name}"; expected one of .*port.*views`),
    );
  });

  it.each([null, 5, "options", [], () => 1])("%o is not an options object", (options) => {
    expect(() => resolve(options as never)).toThrow(/^otel-forecast: options must be an object, got /);
  });

  it("an option that is undefined is ignored", () => {
    expect(
      resolve({ port: undefined as never }, { OTEL_EXPORTER_PROMETHEUS_PORT: "1234" }).options.port,
    ).toBe(1234);
  });
});

describe("views and thresholds given as options", () => {
  const output = { name: "x", number: "level", isPublished: true, isForecast: true } as const;
  const view = { instruments: ["x"], by: "all", outputs: [output] } as const;

  it("take precedence over the default ones", () => {
    const { options } = resolve({ views: [view], thresholds: { a: { above: 1 }, b: { below: -2 } } });
    expect(options.views[0]).toEqual(view);
    expect(options.views.length).toBeGreaterThan(1);
    expect([...options.thresholds]).toEqual([
      ["ai_cloud_heap_usage_percent", { value: 80, direction: "above" }],
      ["ai_cloud_event_loop_delay_p99_seconds", { value: 1, direction: "above" }],
      ["a", { value: 1, direction: "above" }],
      ["b", { value: -2, direction: "below" }],
    ]);
    const heap = { shop_heap_usage_percent: { above: 70 } };
    const own = resolve({ namespace: "shop", thresholds: heap }).options.thresholds;
    expect(own.get("shop_heap_usage_percent")).toEqual({ value: 70, direction: "above" });
  });

  it.each([
    [{ ...view, instruments: [] }, "instruments"],
    [{ ...view, instruments: "x" }, "instruments"],
    [{ ...view, by: "route" }, "by"],
    [{ ...view, method: "guess" }, "method"],
    [{ ...view, outputs: [] }, "outputs"],
    [{ ...view, outputs: [{ ...output, number: "median" }] }, "outputs.0.number"],
    [{ ...view, outputs: [{ ...output, isForecast: "yes" }] }, "outputs.0.isForecast"],
    [{ ...view, outputs: [{ ...output, number: "rate", isDailyTotal: true }] }, "outputs.0.isDailyTotal"],
    [{ ...view, outputs: [{ ...output, quantile: 95 }] }, "outputs.0.quantile"],
    [{ ...view, outputs: [{ ...output, bounds: { lower: "0" } }] }, "outputs.0.bounds.lower"],
    [{ ...view, outputs: [{ ...output, bounds: { lower: 2, upper: 1 } }] }, "outputs.0.bounds"],
    [{ ...view, outputs: [{ ...output, threshold: { above: 3 } }] }, "outputs.0.threshold"],
    [{ ...view, outputs: [{ ...output, of: { a: "b" } }] }, "outputs.0.of"],
    [{ ...view, horizons: ["5m"] }, "horizons.0"],
    [{ ...view, horizons: [{ label: "5m", seconds: -1 }] }, "horizons.0.seconds"],
    [{ ...view, where: { a: 5 } }, "where.a"],
    [{ ...view, except: "x" }, "except"],
    [{ ...view, kinds: ["gauge"] }, "kinds.0"],
    [{ ...view, seasonSeconds: 0 }, "seasonSeconds"],
    [{ ...view, instrument: "x" }, "instrument"],
    [null, ""],
    ["x", ""],
  ])("%o is not a view, and the wrong key is named", (bad, key) => {
    expect(() => resolve({ views: [view, bad as never] })).toThrow(TypeError);
    expect(() => resolve({ views: [view, bad as never] })).toThrow(`option "views[1]"`);
    expect(() => resolve({ views: [view, bad as never] })).toThrow(key);
  });

  it.each([5, "x", {}, null])("%o is not a list of views", (views) => {
    expect(() => resolve({ views: views as never })).toThrow(/option "views" must be a list of views, got /);
  });

  it.each([[{ above: "90" }], [{ above: Number.NaN }], [{ above: 1, below: 2 }], [{}], [90], [null]])(
    "%o is no threshold",
    (bad) => {
      expect(() => resolve({ thresholds: { m: bad as never } })).toThrow(
        /option "thresholds\.m" must be \{ above: NUMBER } or \{ below: NUMBER }, got /,
      );
    },
  );

  it("a threshold that its metric cannot cross throws, and is named", () => {
    const bounded = { ...output, bounds: { lower: 0, upper: 100 } };
    const of = (value: number, direction: "above" | "below" = "above") => ({
      views: [{ ...view, outputs: [{ ...bounded, threshold: { value, direction } }] }],
    });
    const within = "must be a value that the metric can cross within its bounds, 0 to 100";
    const error = `otel-forecast: option "views.0.threshold": ${within}`;
    for (const wrong of [of(100), of(-1), of(0, "below"), of(101, "below")])
      expect(() => resolve(wrong)).toThrow(error);
    for (const right of [of(99), of(0), of(1, "below"), of(100, "below")])
      expect(resolve(right).options.views[0]).toEqual(right.views[0]);
    const heap = (above: number) => ({ thresholds: { ai_cloud_heap_usage_percent: { above } } });
    expect(() => resolve(heap(101))).toThrow(
      `otel-forecast: option "thresholds.ai_cloud_heap_usage_percent": ${within}`,
    );
    expect(resolve(heap(99)).options.thresholds.get("ai_cloud_heap_usage_percent")?.value).toBe(99);
  });

  it.each([5, "x", [], null])("%o is not an object of thresholds", (thresholds) => {
    expect(() => resolve({ thresholds: thresholds as never })).toThrow(
      /option "thresholds" must be an object of thresholds by metric name, got /,
    );
  });
});

describe("the configuration file", () => {
  const content = `
horizons: [10m]
method: naive
thresholds:
  m: { above: 3 }
views:
  - instrument: orders
    number: rate
`;

  it("takes precedence over defaults, and options and variables over it", () => {
    const files = { "f.yaml": content };
    const fromFile = resolve({}, { OTEL_FORECAST_CONFIG_FILE: "f.yaml" }, files).options;
    expect(fromFile).toMatchObject({ method: "naive", horizons: [{ label: "10m", seconds: 600 }] });
    expect(fromFile.thresholds.get("m")).toEqual({ value: 3, direction: "above" });
    expect(fromFile.views[0]?.instruments).toEqual(["orders"]);
    const environment = { OTEL_FORECAST_CONFIG_FILE: "f.yaml", OTEL_FORECAST_METHOD: "linear-trend" };
    expect(resolve({}, environment, files).options.method).toBe("linear-trend");
    const options = { method: "moving-average", thresholds: { m: { below: 1 } } } as const;
    const both = resolve(options, environment, files).options;
    expect(both.method).toBe("moving-average");
    expect(both.thresholds.get("m")).toEqual({ value: 1, direction: "below" });
  });

  it("has entries of alerting that mean the same in the options", () => {
    const entries = {
      alerts: [
        { name: "hot", metric: "system_cpu_usage_percent", threshold: { above: 90 }, actions: ["stop"] },
      ],
      actions: { stop: { webhook: "http://127.0.0.1/stop", effect: "add" } },
      actionsPerHour: 7,
      maintenance: [{ from: "02:00", to: "03:00" }],
    } as const;
    const { alerting } = resolve(entries as ForecastOptions).options;
    expect(alerting).toMatchObject({ alerts: [{ name: "hot" }], actionsPerHour: 7, maintenance: [{}] });
    const files = { "f.json": JSON.stringify(entries) };
    const fromFile = resolve({ configFile: "f.json" }, {}, files).options.alerting;
    expect(JSON.stringify(fromFile)).toBe(JSON.stringify(alerting));
  });

  it("is used instead of a wrong variable", () => {
    const environment = { OTEL_FORECAST_CONFIG_FILE: "f.yaml", OTEL_FORECAST_METHOD: "guess" };
    const { options, warnings } = resolve({}, environment, { "f.yaml": content });
    expect(options.method).toBe("naive");
    expect(warnings).toEqual([expect.stringContaining('got "guess"; using naive instead')]);
  });

  it("throws if an option names it and it is wrong", () => {
    expect(() => resolve({ configFile: "none.yaml" })).toThrow(TypeError);
    expect(() => resolve({ configFile: "none.yaml" })).toThrow(/option "configFile": .*none\.yaml/);
    expect(() => resolve({ configFile: "f.yaml" }, {}, { "f.yaml": "views: 5" })).toThrow(
      /"configFile": f\.yaml:1: "views"/,
    );
  });

  it("logs what is wrong in it, and what is left out for that, if a variable names it", () => {
    const wrong = `
views:
  - { instrument: orders, number: rate, threshold: { below: 0 } }
thresholds:
  system_cpu_usage_percent: { above: 101 }
actions:
  tell: { webhook: "ftp://host/", effect: add }
alerts:
  - { name: many, metric: cpu_usage_percent, threshold: { above: 3 } }
maintenance:
  - { from: "02:00", to: "02:00", metrics: [a.b] }
`;
    const { warnings } = resolve({}, { OTEL_FORECAST_CONFIG_FILE: "f.yaml" }, { "f.yaml": wrong });
    const told = warnings.map((it) => /^OTEL_FORECAST_CONFIG_FILE: f\.yaml:(\d+: "\S+"): .*; (.*)$/.exec(it));
    expect(told.map((it) => it?.slice(1))).toEqual([
      ['3: "views.0.threshold"', "this view is left out"],
      ['5: "thresholds.system_cpu_usage_percent"', "this threshold is left out"],
      ['7: "actions.tell.webhook"', "this action is left out"],
      ['9: "alerts.0.metric"', "this alert is left out"],
      ['11: "maintenance.0.metrics.0"', "this maintenance range is left out"],
    ]);
  });

  it("logs one line if a variable names it and it is wrong", () => {
    const { options, warnings } = resolve(
      {},
      { OTEL_FORECAST_CONFIG_FILE: "f.yaml" },
      { "f.yaml": "method: [" },
    );
    expect(options.method).toBe("auto");
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/OTEL_FORECAST_CONFIG_FILE: f\.yaml.*using no configuration file instead$/);
    expect(warnings[0]).not.toContain("\n");
  });
});

describe("the forecast interval", () => {
  it.each([
    ["10 s and 5 minutes", 10_000, ["5m", "1h"], 300_000],
    ["a minute", 60_000, ["5m", "1h"], 300_000],
    ["an hour", 3_600_000, ["1d"], 300_000],
    ["1 s", 1000, ["1m", "5m"], 30_000],
    ["2 s", 2000, ["5m"], 60_000],
    ["1 s and a short horizon", 1000, ["1h", "15s"], 15_000],
    ["1 s and a very short horizon", 1000, ["2s"], 10_000],
    ["10 s and a horizon of a minute", 10_000, ["1m"], 100_000],
    ["50 ms", 50, ["1m"], 1500],
    ["50 ms and a horizon of a second", 50, ["1s"], 1000],
  ])("follows %s", (_, collectionIntervalMillis, horizons, expected) => {
    expect(resolve({ collectionIntervalMillis, horizons }).options.forecastIntervalMillis).toBe(expected);
  });

  it("is as given", () => {
    const { options } = resolve({ collectionIntervalMillis: 1000, forecastIntervalMillis: 240_000 });
    expect(options.forecastIntervalMillis).toBe(240_000);
  });

  it("follows them when the variable is wrong, and the log says so", () => {
    const environment = { OTEL_FORECAST_INTERVAL: "often", OTEL_FORECAST_COLLECTION_INTERVAL: "1000" };
    const { options, warnings } = resolve({}, environment);
    expect(options.forecastIntervalMillis).toBe(30_000);
    expect(warnings).toEqual([expect.stringContaining("using 30000 instead")]);
  });
});

describe("none beside other exporters", () => {
  it("exports nothing, and says so", () => {
    const { options, warnings } = resolve({}, { OTEL_METRICS_EXPORTER: "prometheus, None" });
    expect(options.exporters).toEqual([]);
    expect(warnings).toEqual([
      'OTEL_METRICS_EXPORTER has none beside others, so nothing is exported; got "prometheus, None"',
    ]);
  });

  it("says the same of the option", () => {
    const { options, warnings } = resolve({ exporters: ["none", "otlp"] });
    expect(options.exporters).toEqual([]);
    expect(warnings).toEqual([
      'option "exporters" has none beside others, so nothing is exported; got ["none","otlp"]',
    ]);
  });

  it.each(["none", "none,none", " none "])("is no remark for %j", (given) => {
    expect(resolve({}, { OTEL_METRICS_EXPORTER: given }).warnings).toEqual([]);
  });
});

describe("what is wrong in an entry", () => {
  const LONG = "y".repeat(100_000);
  const LOGIN = "http://me:s3cret@host";
  const view = { instruments: ["a"], by: "all", outputs: [] };
  const entries = (value: string): object[] => [
    { views: [value] },
    { views: [{ ...view, where: value }] },
    { alerts: value },
    { alerts: [{ [value]: 1 }] },
    { actions: { x: value } },
    { actions: { [value]: {} } },
    { actionsPerHour: value },
    { maintenance: [value] },
    { thresholds: { [value]: value } },
    { [value]: 1 },
  ];
  const messageOf = (options: object): string => {
    try {
      resolve(options as ForecastOptions);
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error("it was accepted");
  };

  it.each(entries(LONG).map((options, index) => [index, options] as const))(
    "is told shortly: %i",
    (_, options) => {
      expect(messageOf(options).length).toBeLessThan(3000);
    },
  );

  it.each([
    { webhook: "http://host", headers: "Authorization: Bearer s3cret" },
    { webhook: "http://host", headers: ["s3cret"] },
    { webhook: "http://host", headers: { authorization: ["s3cret"] } },
    { webhook: "http://host", secret: ["s3cret"] },
    { webhook: "http://host", secret: { env: ["s3cret"] } },
  ])("is told without what may be a secret: %o", (action) => {
    expect(messageOf({ actions: { x: action } })).not.toContain("s3cret");
  });

  it.each(entries(LOGIN).map((options, index) => [index, options] as const))(
    "is told without the login of an address: %i",
    (_, options) => {
      expect(messageOf(options)).not.toContain("s3cret");
    },
  );

  it.each([
    [
      { actions: { constructor: { effect: "add", wehook: "http://host" } } },
      /"actions\.constructor\.wehook"/,
    ],
    [{ actions: [{ effect: "add" }] }, /"actions": must be a mapping, got a list/],
    [{ views: [{ ...view, where: { constructor: 5 } }] }, /"where\.constructor": must be a text/],
    [{ views: [{ ...view, where: ["gpt"] }] }, /"where": must be a mapping, got a list/],
    [{ thresholds: { constructor: 5 } }, /"thresholds\.constructor" must be/],
  ])("is told of each key: %j", (options, expected) => {
    expect(messageOf(options)).toMatch(expected);
  });
});
