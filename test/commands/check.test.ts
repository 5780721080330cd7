import { describe, expect, it } from "vitest";
import type { AlertRule } from "../../src/alerts/entries.ts";
import { checkFile } from "../../src/commands/check.ts";
import type { ForecastOptions } from "../../src/config/options.ts";
import { resolveOptions } from "../../src/config/resolve-options.ts";
import { agentMetrics } from "../../src/metrics/agent-metrics.ts";
import type { OwnMetric } from "../../src/metrics/own-metric.ts";
import { SYSTEM_METRICS } from "../../src/metrics/system-metrics.ts";
import { prometheusName } from "../../src/prometheus/metric-name.ts";

function check(content: string, functions?: readonly string[]): readonly string[] {
  const { isRight, lines } = checkFile("f.yaml", {
    environment: { HOOK_SECRET: "hush" },
    readFile: (path) => {
      if (path === "f.yaml") return content;
      throw Object.assign(new Error(), { code: "ENOENT" });
    },
    warn: (message) => expect.unreachable(message),
    ...(functions === undefined ? {} : { functions }),
  });
  return [isRight ? "right" : "wrong", ...lines];
}

const PRICE = { model: "*", input: 1, output: 1 };
const head = "horizons: [1m, 5m]\n";
const memory = "metric: ai_cloud_memory_usage_percent";

describe("a configuration that is right", () => {
  it("is summed up", () => {
    expect(
      check(
        `${head}
views:
  - { instrument: my.queue.depth, number: level, bounds: { lower: 0 } }
thresholds:
  ai_cloud_task_success_rate: { below: 0.99 }
alerts:
  - name: MemoryWillRunOut
    ${memory}
    agents: ["worker-*"]
    threshold: { above: 90, recovery: 70 }
    actions: [restart, page]
  - { name: QueueGrows, metric: my_queue_depth, threshold: { above: 100 }, actions: [hook] }
  - { name: AnyPercent, metric: "*_percent", threshold: { above: 95 } }
actions:
  restart: { function: restartWorker, effect: protect, mode: act }
  page: { alertmanager: "http://127.0.0.1:9093" }
  hook: { webhook: "https://example.com/hook", effect: add, secret: { env: HOOK_SECRET } }
maintenance:
  - { from: "02:00", to: "02:30", days: [sunday] }
  - { from: 2026-05-01T10:00:00Z, to: 2026-05-01T12:00:00+02:00, agents: ["worker-*"] }
`.replace("12:00:00+02:00", "14:00:00+02:00"),
      ),
    ).toEqual([
      "right",
      "f.yaml: 1 view, 1 threshold, 3 alerts, 3 actions, 2 maintenance ranges",
      "  restart: acts, function restartWorker, which the application has to register, may protect",
      "  page: observes, alertmanager, may protect",
      "  hook: observes, webhook, may add",
    ]);
  });

  it("may have a threshold and an alert on every gauge of ours that is forecast", () => {
    const notForecast = /_scalability_/;
    const gauges = [...Object.values<OwnMetric>(SYSTEM_METRICS), ...Object.values(agentMetrics("ai_cloud"))]
      .filter(({ type }) => type === "gauge")
      .map(prometheusName)
      .filter((name) => !notForecast.test(name));
    for (const metric of gauges) {
      const threshold = { above: 0.5 };
      const content = { prices: [PRICE], thresholds: { [metric]: threshold } };
      const alerts = [{ name: "Alert", metric, threshold }];
      expect(check(JSON.stringify({ ...content, alerts }))).toEqual([
        "right",
        "f.yaml: 0 views, 1 threshold, 1 alert, 0 actions, 0 maintenance ranges",
      ]);
    }
  });

  it("may be empty, and may be JSON", () => {
    expect(check("")[0]).toBe("right");
    expect(check('{"horizons":["5m"]}')[0]).toBe("right");
  });
});

describe("names that may be mistakes", () => {
  it.each([
    [
      "a threshold on a metric of the application",
      "thresholds:\n  shop_queue: { above: 5 }",
      'remark: f.yaml:2: "thresholds.shop_queue": no view names shop_queue: it has to be a metric of the application',
    ],
    [
      "a threshold by the OpenTelemetry name of such a metric",
      "thresholds:\n  shop.queue: { above: 5 }",
      'remark: f.yaml:2: "thresholds.shop.queue": no view names shop.queue: it has to be a metric of the application',
    ],
    [
      "an instrument of the application in our namespace",
      "views:\n  - { instrument: ai_cloud.something, number: level }",
      'remark: f.yaml:2: "views.0.instrument": ai_cloud.something is no instrument of this package',
    ],
    [
      "sums under the name of what they sum",
      "views:\n  - { instrument: ai_cloud.tokens_today, number: level, by: [] }",
      'remark: f.yaml:2: "views.0.name": is missing: the sums have the name of what they sum, ai_cloud_tokens_today',
    ],
    [
      "a threshold on one metric by two names, as far as one can know",
      "views:\n  - { instrument: shop.wait, number: level }\nthresholds:\n  shop.wait: { above: 5 }\n  shop_wait_seconds: { above: 6 }",
      'remark: f.yaml:4: "thresholds.shop.wait": shop.wait and shop_wait_seconds may be the same metric: then shop_wait_seconds is used',
    ],
    [
      "a maintenance of a metric of the application",
      'maintenance:\n  - { from: "02:00", to: "03:00", metrics: [shop_queue] }',
      'remark: f.yaml:2: "maintenance.0.metrics.0": no view names shop_queue: it has to be a metric of the application',
    ],
    [
      "a share of everything",
      "views:\n  - { instrument: shop.orders, number: ratio }",
      'remark: f.yaml:2: "views.0.number": is always 1: a ratio needs of, the points that count',
    ],
    [
      "points of a level that would count",
      "views:\n  - { instrument: shop.queue, number: level, of: { region: eu } }",
      'remark: f.yaml:2: "views.0.of": has no effect on a level: where selects points',
    ],
    [
      "a bound of an alert on a level",
      "alerts:\n  - { name: A, metric: system_error_rate, threshold: { above: 0.1 }, on: level, bound: upper }",
      'remark: f.yaml:2: "alerts.0.bound": has no effect with "on: level"',
    ],
    [
      "growth of an alert on both",
      "alerts:\n  - { name: A, metric: system_error_rate, threshold: { above: 0.1 }, on: both, onGrowth: true }",
      'remark: f.yaml:2: "alerts.0.onGrowth": has no effect with "on: both"',
    ],
    [
      "an action that nothing runs",
      "actions:\n  page: { alertmanager: 'http://alertmanager:9093' }",
      'remark: f.yaml:2: "actions.page": no alert names it, so it never runs',
    ],
    [
      "a price after one for all models",
      "prices:\n  - { model: '*', input: 1, output: 1 }\n  - { model: gpt-4o, input: 2, output: 2 }",
      'remark: f.yaml:3: "prices.1.model": never applies: "*" before it matches the same models',
    ],
    [
      "a price after one for more models",
      "prices:\n  - { model: 'gpt-*', input: 1, output: 1 }\n  - { model: 'gpt-4*', input: 2, output: 2 }",
      'remark: f.yaml:3: "prices.1.model": never applies: "gpt-*" before it matches the same models',
    ],
    [
      "a budget without prices",
      "thresholds:\n  ai_cloud_cost_today: { above: 5 }",
      'remark: f.yaml:2: "thresholds.ai_cloud_cost_today": cost is measured only if the file has prices',
    ],
  ])("%s", (_, content, expected) => {
    const [verdict, summary, ...remarks] = check(content);
    expect([verdict, summary]).toEqual(["right", expect.stringMatching(/^f\.yaml: /)]);
    // What an action may do is listed before.
    expect(remarks.filter((line) => !line.startsWith("  "))).toEqual([expect.stringContaining(expected)]);
  });

  it.each([
    "thresholds:\n  ai_cloud.latency.p95: { above: 5 }\n  system.memory.usage_percent: { above: 90 }",
    "views:\n  - { instrument: shop.queue, number: level }\nthresholds:\n  shop_queue: { above: 5 }",
    "views:\n  - { instrument: shop.queue, number: level }\nthresholds:\n  shop.queue: { above: 5 }",
    `alerts:\n  - { name: A, ${memory}, where: { agent: x, region: "" , zone: "!a" }, threshold: { above: 90 } }`,
    `alerts:\n  - { name: A, metric: "*_percent", agents: [a], threshold: { above: 90 } }`,
    "views:\n  - { instrument: shop.queue, number: level }\nalerts:\n  - { name: A, metric: shop_queue, where: { shop: a }, threshold: { above: 5 } }",
    'maintenance:\n  - { from: "02:00", to: "03:00", metrics: ["ai_cloud_*", "!x"], agents: [a] }',
    "views:\n  - { instrument: ai_cloud.tokens_today, number: level, by: [model], name: spent }",
    "views:\n  - { instrument: ai_cloud.model.tokens, number: rate, by: [model, token_type] }",
    "views:\n  - { instrument: [ai_cloud.task.duration, shop.tasks], number: ratio, of: { error_type: '' }, by: [region] }",
    "timeZone: Europe/Berlin",
  ])("are not those of %s", (content) => {
    expect(check(content)).toEqual(["right", expect.any(String)]);
  });
});

/** One alert from line 3 on, with two actions behind it. */
const alert = (lines: string): string => `${head}alerts:
  - name: A
${lines
  .split("\n")
  .map((line) => `    ${line}`)
  .join("\n")}
actions:
  shrink: { function: shrink, effect: reduce }
  hook: { webhook: "https://example.com", effect: add }`;

describe("a configuration that is wrong", () => {
  it.each([
    ["an unknown key", "colour: red", 'f.yaml:1: unknown key "colour"'],
    [
      "an unknown key of an alert",
      alert(`${memory}\nthreshold: { above: 90 }\nfro: 5m`),
      'f.yaml:6: unknown key "alerts.0.fro"',
    ],
    [
      "a quantile of a rate",
      "views:\n  - { instrument: shop.orders, number: rate, quantile: 0.5 }",
      'f.yaml:2: "views.0.quantile": must be left out unless the number is quantile',
    ],
    [
      "an Alertmanager with the path that is added",
      "actions:\n  x: { alertmanager: 'http://alertmanager:9093/prefix/api/v2/alerts' }",
      'f.yaml:2: "actions.x.alertmanager": must end before /api/v2/alerts, which is added',
    ],
    [
      "a field of a text that is not closed",
      alert(`${memory}\nthreshold: { above: 90 }\ndescription: "{{agent}} is at {{current} now"`),
      'f.yaml:6: "alerts.0.description": has a field without its }}: {{current} now',
    ],
    [
      "an unknown metric",
      alert("metric: ai_cloud_memory_usage\nthreshold: { above: 90 }"),
      'f.yaml:4: "alerts.0.metric": ai_cloud_memory_usage is not a metric that',
    ],
    [
      "a pattern that no metric matches",
      alert('metric: "my_*"\nthreshold: { above: 90 }'),
      'f.yaml:4: "alerts.0.metric": my_* is not a metric that',
    ],
    [
      "a counter, which is not forecast",
      alert("metric: ai_cloud_failed_tasks_total\nthreshold: { above: 90 }"),
      'f.yaml:4: "alerts.0.metric": ai_cloud_failed_tasks_total is not a metric that',
    ],
    [
      "a counter by the name of its instrument",
      alert("metric: ai_cloud_failed_tasks\nthreshold: { above: 90 }"),
      'f.yaml:4: "alerts.0.metric": ai_cloud_failed_tasks is not a metric that',
    ],
    [
      "a threshold beyond the bounds",
      alert(`${memory}\nthreshold:\n  above: 100`),
      'f.yaml:6: "alerts.0.threshold.above": must be a value that the metric can cross within its bounds, 0 to 100',
    ],
    [
      "a recovery threshold beyond the threshold",
      alert(`${memory}\nthreshold:\n  above: 80\n  recovery: 90`),
      'f.yaml:7: "alerts.0.threshold.recovery": must be at or below the threshold of 80',
    ],
    [
      "a horizon that is not forecast",
      alert(`${memory}\nthreshold: { above: 90 }\nhorizon: 1h`),
      'f.yaml:6: "alerts.0.horizon": must be one that it is forecast at: 1m, 5m',
    ],
    [
      "a duration that is none",
      alert(`${memory}\nthreshold: { above: 90 }\nfor: 5 minutes`),
      'f.yaml:6: "alerts.0.for": must be a duration such as 0s, 30s, 5m or 1h',
    ],
    [
      "a field that there is not",
      alert(`${memory}\nthreshold: { above: 90 }\ndescription: "{{agent}} {{agnet}}"`),
      'f.yaml:6: "alerts.0.description": there is no field {{agnet}}; the fields are alert, state,',
    ],
    [
      "an action that there is not",
      alert(`${memory}\nthreshold: { above: 90 }\nactions: [hook, page]`),
      'f.yaml:6: "alerts.0.actions.1": there is no action "page"; defined are shrink, hook',
    ],
    [
      "an action that a forecast alone may not set going",
      alert(`${memory}\nthreshold: { above: 90 }\nactions: [shrink]`),
      'f.yaml:6: "alerts.0.actions.0": a forecast alone may add or protect; "shrink" may reduce only with',
    ],
    [
      "two alerts of one name",
      `${alert(`${memory}\nthreshold: { above: 90 }`).replace("actions:", `  - { name: A, ${memory}, threshold: { above: 5 } }\nactions:`)}`,
      'f.yaml:6: "alerts.1.name": there are two alerts "A"',
    ],
    [
      "an address that is none",
      "actions:\n  x: { webhook: example.com, effect: add }",
      'f.yaml:2: "actions.x.webhook": must be an address that begins with http:// or https://',
    ],
    [
      "an address of another kind",
      "actions:\n  x: { alertmanager: 'file:///etc/passwd' }",
      'f.yaml:2: "actions.x.alertmanager": must be an address that begins with http:// or https://',
    ],
    [
      "an address with a password",
      "actions:\n  x: { alertmanager: 'http://me:secret@example.com' }",
      'f.yaml:2: "actions.x.alertmanager": must not contain a user name or a password',
    ],
    [
      "an address made of labels",
      "actions:\n  x: { webhook: 'http://{{agent}}/', effect: add }",
      'f.yaml:2: "actions.x.webhook": must be',
    ],
    [
      "an action that does nothing",
      "actions:\n  x: { effect: add }",
      'f.yaml:2: "actions.x": must have exactly one of run, function, webhook, alertmanager',
    ],
    [
      "an action of which nobody said what it may do",
      "actions:\n  x: { function: f }",
      'f.yaml:2: "actions.x.effect": is missing: one of add, protect, reduce, delete',
    ],
    [
      "a secret that is missing",
      "actions:\n  x:\n    webhook: http://example.com\n    effect: add\n    secret: { env: NOT_SET }",
      'f.yaml:5: "actions.x.secret": must name a variable that is set, and NOT_SET is not set',
    ],
    [
      "a secret in a file that is missing",
      "actions:\n  x:\n    webhook: http://example.com\n    effect: add\n    secret: { file: /nowhere }",
      'f.yaml:5: "actions.x.secret": must name a file that can be read, and /nowhere cannot be read (ENOENT)',
    ],
    [
      "a function in a file",
      "actions:\n  x: { run: restart, effect: add }",
      'f.yaml:2: "actions.x.run": must be a function, which only code can give',
    ],
    [
      "a range that ends before it begins",
      "maintenance:\n  - { from: 2026-05-01T10:00:00Z, to: 2026-05-01T09:00:00Z }",
      'f.yaml:2: "maintenance.0.to": must be later than from',
    ],
    [
      "a range without a zone",
      "maintenance:\n  - { from: 2026-05-01T10:00:00, to: 2026-05-01T11:00:00Z }",
      'f.yaml:2: "maintenance.0.from": must be a date with time and zone such as',
    ],
    [
      "a threshold outside the bounds of the metric",
      "thresholds:\n  ai_cloud_task_success_rate: { below: 1.5 }",
      'f.yaml:2: "thresholds.ai_cloud_task_success_rate": must be a value that the metric can cross',
    ],
    [
      "a threshold outside the bounds of its view",
      "views:\n  - instrument: q\n    number: level\n    bounds: { lower: 0, upper: 10 }\n    threshold: { above: 20 }",
      'f.yaml:5: "views.0.threshold": must be a value that the metric can cross within its bounds, 0 to 10',
    ],
    [
      "a threshold on a metric of ours that does not exist",
      "thresholds:\n  system_memory_usage_percnt: { above: 90 }",
      'f.yaml:2: "thresholds.system_memory_usage_percnt": system_memory_usage_percnt is not a metric that is ' +
        "forecast; did you mean system_memory_usage_percent, ",
    ],
    [
      "a threshold on a counter of ours, which is not forecast",
      "thresholds:\n  ai_cloud_tokens_total: { above: 90 }",
      'f.yaml:2: "thresholds.ai_cloud_tokens_total": ai_cloud_tokens_total is not a metric that is forecast; did',
    ],
    [
      "a threshold on a counter of ours that a view makes",
      "thresholds:\n  ai_cloud_completed_tasks_total: { above: 90 }",
      'f.yaml:2: "thresholds.ai_cloud_completed_tasks_total": ai_cloud_completed_tasks_total is not a metric that is ' +
        "forecast; did you mean ai_cloud_completed_tasks_per_second",
    ],
    [
      "a threshold by a pattern",
      'thresholds:\n  "ai_cloud_*": { above: 90 }',
      'f.yaml:2: "thresholds.ai_cloud_*": must be the name of one metric',
    ],
    [
      "a view of an instrument by its Prometheus name",
      "views:\n  - { instrument: ai_cloud_cost_today, number: level }",
      'f.yaml:2: "views.0.instrument": ai_cloud_cost_today is no instrument of this package; did you mean ai_cloud.cost_today?',
    ],
    [
      "a view of an instrument of ours that does not exist",
      "views:\n  - { instrument: [shop.queue, ai_cloud.cost_todya], number: level }",
      'f.yaml:2: "views.0.instrument": ai_cloud.cost_todya is no instrument of this package; did you mean ai_cloud.cost_today,',
    ],
    [
      "a view by an attribute that its instrument does not have",
      "views:\n  - { instrument: ai_cloud.cost, number: rate, by: [model] }",
      'f.yaml:2: "views.0.by": ai_cloud.cost has no attribute model; its attributes are agent. Instruments with it: ai_cloud.model.cost,',
    ],
    [
      "a view where an attribute matches that its instrument does not have",
      "views:\n  - { instrument: system.cpu.usage_percent, number: level, where: { agent: a } }",
      'f.yaml:2: "views.0.where.agent": system.cpu.usage_percent has no attribute agent; it has none',
    ],
    [
      "an alert where a label matches that its metric does not have",
      `alerts:\n  - { name: A, ${memory}, where: { agnt: x }, threshold: { above: 90 } }`,
      'f.yaml:2: "alerts.0.where.agnt": ai_cloud_memory_usage_percent has no label agnt; its labels are agent',
    ],
    [
      "an alert of agents on a metric without agents",
      "alerts:\n  - { name: A, metric: system_cpu_usage_percent, agents: [a], threshold: { above: 90 } }",
      'f.yaml:2: "alerts.0.agents": system_cpu_usage_percent has no label agent; it has none',
    ],
    [
      "an alert on a view where a label matches that the view sums over",
      "views:\n  - { instrument: shop.queue, number: level, by: [shop] }\nalerts:\n  - { name: A, metric: shop_queue, where: { region: a }, threshold: { above: 5 } }",
      'f.yaml:4: "alerts.0.where.region": shop_queue has no label region; its labels are shop',
    ],
    [
      "a maintenance of a metric that is none",
      'maintenance:\n  - { from: "02:00", to: "03:00", metrics: [ai_cloud_memory_usage_percnt] }',
      'f.yaml:2: "maintenance.0.metrics.0": ai_cloud_memory_usage_percnt is not the Prometheus name of a metric that is forecast; did you mean ai_cloud_memory_usage_percent,',
    ],
    [
      "a maintenance of a metric by its OpenTelemetry name",
      'maintenance:\n  - { from: "02:00", to: "03:00", metrics: [system.cpu.usage_percent] }',
      'f.yaml:2: "maintenance.0.metrics.0": system.cpu.usage_percent is not the Prometheus name of a metric that is forecast; did you mean system_cpu_usage_percent,',
    ],
    [
      "a maintenance of agents on a metric without agents",
      'maintenance:\n  - { from: "02:00", to: "03:00", metrics: [system_error_rate], agents: [a] }',
      'f.yaml:2: "maintenance.0.agents": system_error_rate has no label agent; it has none',
    ],
    [
      "two thresholds on one metric by its two names",
      "thresholds:\n  ai_cloud.latency.p95: { above: 5 }\n  ai_cloud_latency_p95_seconds: { above: 6 }",
      'f.yaml:3: "thresholds.ai_cloud_latency_p95_seconds": ai_cloud_latency_p95_seconds and ai_cloud.latency.p95 are the same metric: give it one threshold',
    ],
    [
      "a number that can't be made of the instrument",
      "views:\n  - { instrument: ai_cloud.cost_today, number: rate }",
      'f.yaml:2: "views.0.number": rate can\'t be made of ai_cloud.cost_today: a gauge',
    ],
    ["a time zone that is none", "timeZone: Mars", 'f.yaml:1: "timeZone": must be the name of a time zone'],
    ["what is no YAML", "a: [1\nb: 2", "f.yaml:2: Flow sequence in block collection"],
    ["what is no configuration", "just a text", "f.yaml:1: "],
  ])("%s", (_, content, expected) => {
    const [verdict, ...lines] = check(content);
    expect(verdict).toBe("wrong");
    expect(lines.filter((line) => !line.startsWith("remark: "))).toEqual([expect.stringContaining(expected)]);
    expect(lines[0]?.startsWith(expected)).toBe(true);
  });

  it("is followed by remarks", () => {
    const content = "thresholds:\n  shop.queue: { above: 5 }\n  system_memory_usage_percnt: { above: 90 }";
    expect(check(content)).toEqual([
      "wrong",
      expect.stringMatching(/^f\.yaml:3: "thresholds\.system_memory_usage_percnt": /),
      expect.stringMatching(/^remark: f\.yaml:2: "thresholds\.shop\.queue": [^;]*$/),
    ]);
    expect(
      check("views: [{ instrument: shop.queue, number: level }]\nthresholds: { shop_qeue: { above: 5 } }"),
    ).toEqual(["right", expect.any(String), expect.stringMatching(/or did you mean shop_queue\?$/)]);
  });

  it("reports every error on a line of its own", () => {
    const [, ...lines] = check(
      "thresholds:\n  ai_cloud_success_rate: { above: 3 }\nactions:\n  x: { function: f }",
    );
    expect(lines.filter((line) => !line.startsWith("remark: "))).toHaveLength(2);
  });

  it("reports an unknown function when functions are given", () => {
    const content = "actions:\n  x: { function: restart, effect: add }";
    expect(check(content, ["restart"])[0]).toBe("right");
    expect(check(content, ["stop"])).toEqual([
      "wrong",
      'f.yaml:2: "actions.x.function": no function "restart" is registered; registered are stop',
      expect.stringContaining("no alert names it"),
    ]);
  });

  it("reports a missing file", () => {
    const sources = {
      environment: {},
      readFile: () => {
        throw new Error("ENOENT: no such file");
      },
      warn: () => {},
    };
    expect(checkFile("f.yaml", sources)).toEqual({ isRight: false, lines: ["ENOENT: no such file"] });
  });
});

describe("the same at the start", () => {
  const sources = { environment: {}, readFile: () => "", warn: (it: string) => expect.unreachable(it) };

  it("throws for options, and names them", () => {
    const rule = { name: "A", metric: "nonsense", threshold: { above: 1 } };
    expect(() => resolveOptions({ alerts: [rule] }, sources)).toThrow(
      'otel-forecast: option "alerts.0.metric": nonsense is not a metric that',
    );
    expect(() => resolveOptions({ actions: { x: { effect: "add" } } }, sources)).toThrow(
      'otel-forecast: option "actions.x": must have exactly one of',
    );
    expect(() =>
      resolveOptions({ alerts: [{ ...rule, threshold: {} as { above: number } }] }, sources),
    ).toThrow('otel-forecast: option "alerts.0.threshold": must be {above: NUMBER, recovery: NUMBER}');
    expect(() => resolveOptions({ actionsPerHour: -1 }, sources)).toThrow('option "actionsPerHour"');
  });

  it("throws for a file that an option names", () => {
    const file = { ...sources, readFile: () => "actions:\n  x: { function: f }" };
    expect(() => resolveOptions({ configFile: "f.yaml" }, file)).toThrow(
      'otel-forecast: option "configFile": f.yaml:2: "actions.x.effect": is missing',
    );
  });

  it("warns and leaves out for a file that a variable names", () => {
    const warned: string[] = [];
    const { alerting } = resolveOptions(
      {},
      {
        environment: { OTEL_FORECAST_CONFIG_FILE: "f.yaml" },
        readFile: () => `${alert(`${memory}\nthreshold: { above: 500 }`)}`,
        warn: (message) => warned.push(message),
      },
    );
    expect(warned).toEqual([
      expect.stringMatching(
        /^OTEL_FORECAST_CONFIG_FILE: f.yaml:5: "alerts.0.threshold.above": .*; this alert is left out$/,
      ),
    ]);
    expect(alerting.alerts).toEqual([]);
    expect(alerting.actions.map(({ name }) => name)).toEqual(["shrink", "hook"]);
  });

  it("leaves out wrong views, thresholds and maintenance too, and alerts on what they would have made", () => {
    const warned: string[] = [];
    const content = `views:
  - { instrument: shop.queue, number: level }
  - { instrument: ai_cloud.cost_todya, number: level, name: spent }
thresholds:
  shop_queue: { above: 5 }
  system_memory_usage_percnt: { above: 90 }
alerts:
  - { name: Right, metric: shop_queue, threshold: { above: 5 } }
  - { name: Wrong, metric: spent, threshold: { above: 5 } }
maintenance:
  - { from: "02:00", to: "03:00", metrics: [system.cpu.usage_percent] }`;
    const resolved = resolveOptions(
      {},
      {
        environment: { OTEL_FORECAST_CONFIG_FILE: "f.yaml" },
        readFile: () => content,
        warn: (message) => warned.push(message),
      },
    );
    expect(warned).toEqual([
      expect.stringMatching(/^OTEL_FORECAST_CONFIG_FILE: f.yaml:3: .*; this view is left out$/),
      expect.stringMatching(/^OTEL_FORECAST_CONFIG_FILE: f.yaml:6: .*; this threshold is left out$/),
      expect.stringMatching(/^OTEL_FORECAST_CONFIG_FILE: f.yaml:9: .*; this alert is left out$/),
      expect.stringMatching(/^OTEL_FORECAST_CONFIG_FILE: f.yaml:11: .*; this maintenance range is left out$/),
    ]);
    expect(resolved.givenViews).toBe(1);
    expect(resolved.views[1]?.instruments).not.toEqual(["ai_cloud.cost_todya"]);
    expect([...resolved.thresholds.keys()]).not.toContain("system_memory_usage_percnt");
    expect(resolved.thresholds.get("shop_queue")).toEqual({ value: 5, direction: "above" });
    expect(resolved.alerting.alerts.map(({ name }) => name)).toEqual(["Right"]);
    expect(resolved.alerting.maintenance).toEqual([]);
  });

  it("lets a threshold replace the default and that of the file, by either name of the metric", () => {
    const { thresholds } = resolveOptions(
      { configFile: "f.yaml", thresholds: { ai_cloud_latency_p95_seconds: { above: 2 } } },
      {
        ...sources,
        readFile: () =>
          "thresholds:\n  ai_cloud.latency.p95: { above: 1 }\n  ai_cloud.heap.usage_percent: { above: 60 }",
      },
    );
    expect(Object.fromEntries(thresholds)).toMatchObject({
      ai_cloud_latency_p95_seconds: { value: 2 },
      "ai_cloud.heap.usage_percent": { value: 60 },
    });
    expect(thresholds.has("ai_cloud.latency.p95")).toBe(false);
    expect(thresholds.has("ai_cloud_heap_usage_percent")).toBe(false);
  });

  it("lets a file name an action of the code, and code go before the file", () => {
    const { alerting } = resolveOptions(
      { configFile: "f.yaml", actions: { hook: { run: () => {}, effect: "protect", mode: "act" } } },
      { ...sources, readFile: () => alert(`${memory}\nthreshold: { above: 90 }\nactions: [hook]`) },
    );
    expect(alerting.alerts[0]?.actions[0]).toMatchObject({ acts: true, target: { kind: "function" } });
  });

  it("has careful defaults, and only observes", () => {
    const { alerting } = resolveOptions(
      {
        horizons: ["1h", "5m"],
        collectionIntervalMillis: 1000,
        alerts: [
          { name: "A", metric: "ai_cloud_memory_usage_percent", threshold: { above: 90 }, actions: ["x"] },
          { name: "B", metric: "ai_cloud_success_rate", threshold: { below: 0.9 } },
        ],
        actions: { x: { webhook: "http://example.com/", effect: "add" } },
      },
      sources,
    );
    const [first, second] = alerting.alerts;
    expect(first).toMatchObject({
      horizon: { label: "5m", seconds: 300 },
      condition: {
        recovery: 85.5,
        basis: "forecast",
        bound: "lower",
        onItsWay: { share: 0.25 },
        maxErrorRatio: 1,
        whenErrorUnknown: "backtest",
      },
      timing: { forMillis: 3000, levelForMillis: 0, keepFiringForMillis: 30_000, cooldownMillis: 300_000 },
      severity: "warning",
      actions: [{ acts: false, retries: 3, timeoutMillis: 10_000, onPassed: true, onResolved: true }],
    });
    expect(second?.condition.bound).toBe("upper");
    expect(alerting.actionsPerHour).toBe(20);
    const timingOf = (given: Partial<AlertRule>, options: ForecastOptions = {}) => {
      const limit = { name: "A", metric: "ai_cloud_memory_usage_percent", threshold: { above: 90 } };
      const rules = { collectionIntervalMillis: 1000, alerts: [{ ...limit, ...given }], ...options };
      return resolveOptions(rules, sources).alerting.alerts[0]?.timing;
    };
    expect(timingOf({ on: "level" })).toMatchObject({ levelForMillis: 0, keepFiringForMillis: 3000 });
    expect(timingOf({ for: "1m" })).toMatchObject({ forMillis: 60_000, levelForMillis: 60_000 });
    expect(timingOf({ horizon: "1h" })).toMatchObject({ keepFiringForMillis: 30_000 });
    expect(timingOf({}, { horizons: ["1m"] })).toMatchObject({ keepFiringForMillis: 30_000 });
    expect(timingOf({ keepFiringFor: "1s" })).toMatchObject({ keepFiringForMillis: 1000 });
  });
});
