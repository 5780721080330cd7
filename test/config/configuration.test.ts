import { describe, expect, it } from "vitest";
import { type ConfigurationError, readConfiguration } from "../../src/config/configuration.ts";

const read = (content: string) => readConfiguration("conf.yaml", content);

describe("a configuration file", () => {
  it("may be empty, and may be JSON", () => {
    for (const empty of ["", "\n", "# nothing", "{}"]) {
      expect(read(empty)).toMatchObject({ settings: {}, views: [], thresholds: new Map(), alerting: {} });
    }
    expect(read('{"method":"naive","thresholds":{"m":{"below":0.5}}}')).toMatchObject({
      settings: { method: "naive" },
      thresholds: new Map([["m", { value: 0.5, direction: "below" }]]),
    });
  });

  it("may have very many keys; the first one that is unknown or comes again is named", () => {
    const keys = Array.from({ length: 60_000 }, (_, index) => `k${index}: 1`);
    expect(() => read(keys.join("\n"))).toThrow(/^conf\.yaml:1: unknown key "k0"; /);
    for (const nested of [keys, [`{${keys}, k7: 1}`], ["- { a: 1, a: 2 }", "- { b: 1, b: 2 }"]])
      expect(() => read(["x:", ...nested.map((line) => `  ${line}`), "k7: 1", "k7: 2"].join("\n"))).toThrow(
        nested === keys ? "conf.yaml:60003: Map keys must be unique" : "conf.yaml:2: Map keys must be unique",
      );
  });

  it.each<[string, (levels: number) => string]>([
    ["lists", (levels) => "[".repeat(levels) + "]".repeat(levels)],
    ["mappings", (levels) => `${"{a: ".repeat(levels)}1${"}".repeat(levels)}`],
    ["keys", (levels) => `${"? ".repeat(levels)}x`],
    ["dashes", (levels) => `${"- ".repeat(levels)}x`],
    ["lists without an end", (levels) => "[".repeat(levels)],
  ])("may be nested 64 levels deep, not deeper: %s", (_, nested) => {
    for (const levels of [64, 1000, 20_000])
      expect(() => read(`method: naive\nviews:\n  ${nested(levels)}`)).toThrow(
        "conf.yaml:3: lists and mappings are nested too deep; expected at most 64 levels",
      );
  });

  it("says what is wrong in 64 levels as in one", () => {
    expect(() => read(`views: ${"[".repeat(63)}${"]".repeat(63)}`)).toThrow(/"views\.0": must be a mapping/);
  });

  it("names 100 of its mistakes, and how many more there are", () => {
    const thresholds = (count: number) =>
      `thresholds:\n${Array.from({ length: count }, (_, index) => `  m${index}: { abov: 1 }\n`).join("")}`;
    const linesOf = (count: number): readonly string[] => {
      try {
        read(thresholds(count));
      } catch (error) {
        return (error as ConfigurationError).findings;
      }
      return expect.unreachable();
    };
    expect(linesOf(100)).toHaveLength(100);
    expect(linesOf(100).at(-1)).toMatch(/^conf\.yaml:101: "thresholds\.m99": /);
    expect(linesOf(350)).toHaveLength(101);
    expect(linesOf(350).at(-1)).toBe("conf.yaml: and 250 more");
  });

  it("has a time zone only if it is given", () => {
    expect(read("timeZone: Europe/Berlin")).toMatchObject({ timeZone: "Europe/Berlin" });
    expect(read("method: naive")).not.toHaveProperty("timeZone");
  });

  it("has a translation by any of its names", () => {
    expect(read("translation: none").settings).toEqual({ translation: "NoTranslation" });
    expect(read("translation: noUtf8EscapingWithSuffixes").settings).toEqual({
      translation: "NoUTF8EscapingWithSuffixes",
    });
    expect(() => read("translation: dots")).toThrow(
      /^conf\.yaml:1: "translation": must be one of UnderscoreEscapingWithSuffixes, .*, NoTranslation, none/,
    );
  });

  it("switches the page on and off as the variable does", () => {
    for (const off of ["off", "false", "no"]) expect(read(`page: ${off}`).settings).toEqual({ page: false });
    expect(read("page: on").settings).toEqual({ page: true });
    for (const wrong of ["maybe", "3", "[]"])
      expect(() => read(`page: ${wrong}`)).toThrow(/^conf\.yaml:1: "page": must be on or off/);
  });

  it("gives a view for each entry, with defaults for absent keys", () => {
    const { views } = read(`
views:
  - instrument: queue.depth
    number: level
    threshold: { above: 100 }
    horizons: [15m]
    method: naive
    season: 1d
  - instrument: [orders, sales]
    scope: shop
    where: { region: eu }
    number: ratio
    of: { status: "5??" }
    by: [shop]
  - instrument: request.duration
    number: quantile
    quantile: 0.999
    unit: s
  - instrument: hits
    number: rate
  - instrument: load
    number: mean
    name: load.average
    bounds: { lower: 0, upper: 8 }
`);
    expect(views).toEqual([
      {
        instruments: ["queue.depth"],
        by: "all",
        horizons: [{ label: "15m", seconds: 900 }],
        method: "naive",
        seasonSeconds: 86_400,
        outputs: [
          {
            name: "{instrument}",
            number: "level",
            threshold: { value: 100, direction: "above" },
            isPublished: false,
            isForecast: true,
          },
        ],
      },
      {
        instruments: ["orders", "sales"],
        scope: "shop",
        where: { region: "eu" },
        by: ["shop"],
        outputs: [
          {
            name: "{base}_ratio",
            unit: "",
            number: "ratio",
            of: [{ status: "5??" }],
            bounds: { lower: 0, upper: 1 },
            isPublished: true,
            isForecast: true,
          },
        ],
      },
      {
        instruments: ["request.duration"],
        by: "all",
        outputs: [
          {
            name: "{instrument}.p99.9",
            unit: "s",
            number: "quantile",
            quantile: 0.999,
            isPublished: true,
            isForecast: true,
          },
        ],
      },
      {
        instruments: ["hits"],
        by: "all",
        outputs: [
          {
            name: "{base}_per_second",
            unit: "",
            number: "rate",
            bounds: { lower: 0 },
            isPublished: true,
            isForecast: true,
          },
        ],
      },
      {
        instruments: ["load"],
        by: "all",
        outputs: [
          {
            name: "load.average",
            number: "mean",
            bounds: { lower: 0, upper: 8 },
            isPublished: true,
            isForecast: true,
          },
        ],
      },
    ]);
  });

  const wrong: [content: string, line: number, says: string[]][] = [
    ["method: naive\nhorizon: [5m]\n", 2, ['unknown key "horizon"; expected one of horizons, method, views']],
    ["\nmethod: guess\n", 2, ['"method"', "must be one of auto, learned, naive"]],
    ["method: 5\n", 1, ['"method": must be one of auto, learned', ", got 5"]],
    ["horizons: []\n", 1, ['"horizons"', "at least one duration"]],
    ["horizons:\n  - 5m\n  - 5 parsecs\n", 1, ['"horizons"', "such as 30s, 5m, 1h or 1d"]],
    ["horizons: 5m\n", 1, ['"horizons": must be a list of at least one duration', ', got "5m"']],
    ["horizons: [300]\n", 1, ['"horizons.0": must be a text, got 300']],
    ["horizons:\n", 1, ['"horizons": must be a list of at least', ", got nothing"]],
    ["timeZone: 2\n", 1, ['"timeZone": must be the name of a time zone such as Europe/Berlin or UTC, got 2']],
    ["views: {}\n", 1, ['"views": must be a list, got a mapping']],
    ["prices: [{ model: a, input: 1, output: $1 }]\n", 1, ['"prices.0.output": must be a number, got "$1"']],
    ["prices: [{ model: a, input: 1 }]\n", 1, ['"prices.0.output": is missing']],
    ["actionsPerHour: -1\n", 1, ['"actionsPerHour": must be at least 0, got -1']],
    ["actionsPerHour: 1000000\n", 1, ['"actionsPerHour": must be at most 100000, got 1000000']],
    ["actionsPerHour: 1.5\n", 1, ['"actionsPerHour": must be a whole number, got 1.5']],
    [
      "alerts: [{ name: A, metric: m, threshold: { above: 1 }, for: 30 }]\n",
      1,
      ['"alerts.0.for": must be a duration such as 0s, 30s, 5m or 1h, got 30'],
    ],
    [
      "alerts: [{ name: A, metric: m }]\n",
      1,
      ['"alerts.0.threshold": is missing; it must be {above: NUMBER'],
    ],
    ["alerts: [{ name: A, metric: m, labels: {} }]\n", 1, ["expected one of name, metric, agents"]],
    ["method: naive\n---\nmethod: auto\n", 2, ["a second document begins here; expected one"]],
    ["views:\n  - number: level\n", 2, ['"views.0.instrument"']],
    ["views:\n  - instrument: a\n", 2, ['"views.0.number": is missing; it must be one of level']],
    ["views:\n  - instrument: a\n    number: total\n", 3, ['"views.0.number"', "must be one of level"]],
    ["views:\n  - instrument: a\n    number: rate\n    colour: red\n", 4, ['unknown key "views.0.colour"']],
    ["views:\n  - instrument: ''\n    number: rate\n", 2, ['"views.0.instrument"']],
    ["views:\n  - instrument: []\n    number: rate\n", 2, ['"views.0.instrument"']],
    ["views:\n  - instrument: a\n    number: quantile\n    quantile: 95\n", 4, ['"views.0.quantile"', "1"]],
    ["views:\n  - instrument: a\n    number: level\n    name: 1 x\n", 4, ['"views.0.name"', "metric name"]],
    ["views:\n  - instrument: a\n    number: level\n    by: none\n", 4, ['"views.0.by"']],
    [
      "views:\n  - instrument: a\n    number: level\n    where: { a: 5 }\n",
      4,
      ['"views.0.where.a": must be a text, got 5'],
    ],
    [
      "views:\n  - instrument: a\n    number: level\n    season: fortnight\n",
      4,
      ['"views.0.season"', "must be a duration such as 1h"],
    ],
    [
      "views:\n  - instrument: a\n    number: level\n    season: 0d\n",
      4,
      ['"views.0.season"', "must be a duration such as 1h"],
    ],
    [
      "views:\n  - instrument: a\n    number: level\n    bounds: { lower: 2, upper: 1 }\n",
      4,
      ['"views.0.bounds"', "lower"],
    ],
    [
      "views:\n  - instrument: a\n    number: level\n    bounds:\n      least: 2\n",
      5,
      ['unknown key "views.0.bounds.least"'],
    ],
    [
      "views:\n  - instrument: a\n    number: level\n    threshold: 5\n",
      4,
      ['"views.0.threshold": must be {above: NUMBER} or {below: NUMBER}, got 5'],
    ],
    [
      "thresholds:\n  a: { above: 1 }\n  b: { above: high }\n",
      3,
      ['"thresholds.b": must be {above: NUMBER} or {below: NUMBER}, got {"above":"high"}'],
    ],
    ["thresholds:\n  b: { above: .inf }\n", 2, ['"thresholds.b.above"', "must be a finite number"]],
    ["- 1\n- 2\n", 1, ["must be a mapping with any of horizons, method, views, thresholds"]],
    ["just text\n", 1, ["must be a mapping"]],
  ];

  it.each(wrong)("%j is reported with file, line, key and what was expected", (content, line, says) => {
    expect(() => read(content)).toThrow(new RegExp(`^conf\\.yaml:${line}: `));
    for (const part of says) expect(() => read(content)).toThrow(part);
  });

  it.each([
    ["thresholds", "thresholds: [{ above: 1 }]"],
    ["actions", "actions: [{ webhook: 'http://localhost', effect: add }]"],
    ["views.0", "views: [[]]"],
    ["views.0.where", "views: [{ instrument: a, number: level, where: [gpt] }]"],
    ["views.0.of", "views: [{ instrument: a, number: level, of: [] }]"],
    ["views.0.bounds", "views: [{ instrument: a, number: level, bounds: [] }]"],
    ["alerts.0.where", "alerts: [{ name: a, metric: b, threshold: { above: 1 }, where: [c] }]"],
    ["prices.0", "prices: [[m, 1, 2]]"],
    ["maintenance.0", "maintenance: [['02:00', '03:00']]"],
  ])("a list is no mapping, so it can't be %s", (key, content) => {
    expect(() => read(content)).toThrow(`conf.yaml:1: "${key}": must be a mapping, got a list`);
  });

  it("says of a view that is a number what it must be", () => {
    expect(() => read("views: [5]")).toThrow('"views.0": must be a mapping, got 5');
  });

  it("reports all mistakes at once", () => {
    expect(() => read("method: guess\nhorizons: 5\n")).toThrow(
      /conf\.yaml:1: "method".*; conf\.yaml:2: "horizons"/,
    );
  });

  it.each(["method: [", "a: 1\na: 2", "\t- x: [", "method: 'x", "{"])(
    "%j is not YAML, which is reported in one line with file and line",
    (content) => {
      expect(() => read(content)).toThrow(/^conf\.yaml:\d+: [^\n]+[^\n:]$/);
    },
  );

  it("refuses aliases that expand to very much data", () => {
    const bomb = [
      "a: &a [x,x,x,x,x,x,x,x,x,x]",
      ...["b", "c", "d", "e", "f"].map((key, i) => {
        const before = String.fromCharCode(97 + i);
        return `${key}: &${key} [${Array(10).fill(`*${before}`).join(",")}]`;
      }),
    ].join("\n");
    expect(() => read(bomb)).toThrow(/^conf\.yaml:1: /);
  });
});

describe.each(["constructor", "prototype", "__proto__", "toString", "hasOwnProperty"])(
  "a mapping with the key %s",
  (key) => {
    it("has a threshold of it", () => {
      const { thresholds } = read(`thresholds: { ${key}: { above: 1 } }`);
      expect([...thresholds]).toEqual([[key, { value: 1, direction: "above" }]]);
      expect(() => read(`thresholds: { ${key}: 1 }`)).toThrow(`"thresholds.${key}": must be {above: NUMBER}`);
    });

    it("has a filter of it", () => {
      const { views } = read(`views: [{ instrument: a, number: level, where: { ${key}: b } }]`);
      expect(Object.entries(views[0]?.where ?? {})).toEqual([[key, "b"]]);
    });

    it("has an action of it, if it can be the name of one", () => {
      const actions = `actions: { ${key}: { webhook: "http://localhost", effect: add } }`;
      if (key.startsWith("_")) expect(() => read(actions)).toThrow(`"actions.${key}": must be a name`);
      else expect(Object.keys(read(actions).alerting.actions ?? {})).toEqual([key]);
    });

    it("is refused where only certain keys are known", () => {
      for (const content of [`${key}: 1`, `prices: [{ model: m, input: 1, output: 1, ${key}: 1 }]`])
        expect(() => read(content)).toThrow(/unknown key/);
    });
  },
);
