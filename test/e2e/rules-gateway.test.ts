import { describe, expect, it } from "vitest";
import { generateGatewayRules } from "../../src/artifacts/rules/gateway-rules.ts";
import { FULL_FILE, gatewayFor } from "../artifacts/gateway-for.ts";
import { needs, promtool } from "./harness/components.ts";
import { checkRules, type TimeLine, testRules } from "./harness/promtool.ts";

const generated = await generateGatewayRules(
  gatewayFor(`${FULL_FILE}
limits: { series: 1000, streams: 2000 }`),
);
const ofKafka = await generateGatewayRules(
  gatewayFor("state: { directory: /s }\nreceivers: { kafka: { brokers: ['k:9092'], topic: t } }"),
);
const small = await generateGatewayRules(gatewayFor(""));
const OF = 'job="gw",instance="a:1"';
const gateway = { job: "gw", instance: "a:1" };
const streams = { series: `forecast_gateway_streams{${OF}}`, values: "9x900" };

/** Never fires at any of these times. */
function silent(...times: string[]): NonNullable<TimeLine["expected"]> {
  return times.map((at) => ({ at, alerts: [] }));
}

describe("promtool check rules", () => {
  it.for([
    ["of a file with everything", generated.text],
    ["of no file", small.text],
  ] as const)("takes the rules %s", ([, text], context) => {
    needs(context, promtool);
    const verdict = checkRules(text);
    expect(verdict.status, verdict.said).toBe(0);
  });
});

const critical = { severity: "critical" };
const warning = { severity: "warning" };

const lines: Readonly<Record<string, readonly TimeLine[]>> = {
  GatewayDown: [
    {
      name: "one of three cannot be scraped, and comes back",
      input: [
        { series: `up{${OF}}`, values: "1x60 0x60 1x60" },
        { series: 'up{job="gw",instance="b:1"}', values: "1x200" },
        { series: 'up{job="gw",instance="c:1"}', values: "1x200" },
        { series: 'up{job="other",instance="d:1"}', values: "0x200" },
      ],
      expected: [
        ...silent("9m", "11m"),
        { at: "13m", alerts: [{ ...gateway, ...critical }] },
        ...silent("25m"),
      ],
    },
    {
      name: "no target, and fewer targets than members",
      input: [
        { series: `up{${OF}}`, values: "_x60 1x200" },
        { series: 'up{job="gw",instance="b:1"}', values: "_x60 1x200" },
        { series: 'up{job="gw",instance="c:1"}', values: "_x120 1x200" },
      ],
      expected: [
        { at: "5m", alerts: [{ job: "gw", ...critical }] },
        { at: "15m", alerts: [{ job: "gw", ...critical }] },
        ...silent("25m"),
      ],
    },
  ],
  GatewayStalled: [
    {
      name: "some forecasts are old",
      input: [
        streams,
        { series: `forecast_runs_total{${OF}}`, values: "0+1x400" },
        { series: `forecast_gateway_oldest_forecast_age_seconds{${OF}}`, values: "30x60 200x60 30x200" },
      ],
      expected: [
        ...silent("9m", "11m"),
        { at: "14m", alerts: [{ ...gateway, ...critical }] },
        ...silent("27m"),
      ],
    },
    {
      name: "collections hang, and the age stands still",
      input: [
        streams,
        { series: `forecast_runs_total{${OF}}`, values: "0+1x60 60x120 61+1x200" },
        { series: `forecast_gateway_oldest_forecast_age_seconds{${OF}}`, values: "30x400" },
      ],
      expected: [
        ...silent("10m", "14m"),
        { at: "20m", alerts: [{ ...gateway, ...critical }] },
        ...silent("40m"),
      ],
    },
    {
      name: "a process that is no gateway",
      input: [{ series: 'forecast_runs_total{job="agents",instance="b:1"}', values: "0+1x60 60x200" }],
      expected: silent("20m", "30m"),
    },
  ],
  GatewayReloadFailed: [
    {
      name: "a file that is wrong until it is corrected",
      input: [{ series: `forecast_gateway_config_last_reload_successful{${OF}}`, values: "1x60 0x60 1x60" }],
      expected: [
        ...silent("9m", "14m"),
        { at: "16m", alerts: [{ ...gateway, ...warning }] },
        ...silent("21m"),
      ],
    },
  ],
  GatewayBackfillUnfinished: [
    {
      name: "a backfill that ends in time, and one that does not",
      input: [
        { series: `forecast_gateway_backfill_pending{${OF}}`, values: "50-1x50 0x300" },
        { series: 'forecast_gateway_backfill_pending{job="gw",instance="b:1"}', values: "5x180 0x200" },
      ],
      expected: [
        ...silent("10m", "19m"),
        { at: "25m", alerts: [{ ...gateway, instance: "b:1", ...warning }] },
        ...silent("32m"),
      ],
    },
  ],
  GatewayReceivingNothing: [
    {
      name: "points stop, and come again",
      input: [
        streams,
        {
          series: `forecast_gateway_received_total{${OF},receiver="otlp"}`,
          values: "0+5x60 300x160 300+5x100",
        },
        { series: `forecast_gateway_received_total{${OF},receiver="remote_write"}`, values: "7x400" },
      ],
      expected: [
        ...silent("10m", "24m"),
        { at: "27m", alerts: [{ ...gateway, ...warning }] },
        ...silent("40m"),
      ],
    },
    {
      name: "there was never a point",
      input: [{ series: `forecast_gateway_streams{${OF}}`, values: "0x100" }],
      expected: [...silent("4m"), { at: "6m", alerts: [{ ...gateway, ...warning }] }],
    },
  ],
  GatewayRefusingPoints: [
    {
      name: "one request, many, and what is not supported",
      input: [
        {
          series: `forecast_gateway_refused_total{${OF},receiver="otlp",reason="malformed"}`,
          values: "0x30 1x400",
        },
        ...["overloaded", "summary"].map((reason) => ({
          series: `forecast_gateway_refused_total{${OF},receiver="otlp",reason="${reason}"}`,
          values: "0x30 1+1x200 201x400",
        })),
      ],
      expected: [
        ...silent("15m", "19m"),
        {
          at: "22m",
          alerts: [{ ...gateway, receiver: "otlp", reason: "overloaded", ...warning }],
        },
        ...silent("68m"),
      ],
    },
  ],
  GatewayDroppingPoints: [
    {
      name: "some reasons are those of a fault, others are not",
      input: ["too_many_streams", "late", "not_owned", "not_finite", "output_failed"].map((reason) => ({
        series: `forecast_gateway_dropped_total{${OF},reason="${reason}"}`,
        values: "0x30 1+1x200 201x400",
      })),
      expected: [
        ...silent("15m"),
        { at: "22m", alerts: [{ ...gateway, reason: "too_many_streams", ...warning }] },
        ...silent("68m"),
      ],
    },
  ],
  GatewayPointsLate: [
    {
      name: "few, and many",
      input: [
        { series: `forecast_gateway_received_total{${OF},receiver="otlp"}`, values: "0+100x400" },
        { series: `forecast_gateway_dropped_total{${OF},reason="late"}`, values: "0+5x100 500+50x300" },
      ],
      expected: [...silent("16m"), { at: "40m", alerts: [{ ...gateway, ...warning }] }],
    },
  ],
  GatewayOutputFailing: [
    {
      name: "an output fails for long",
      input: [
        {
          series: `forecast_gateway_dropped_total{${OF},reason="output_failed"}`,
          values: "0x30 1+1x200 201x400",
        },
      ],
      expected: [...silent("15m"), { at: "22m", alerts: [{ ...gateway, ...warning }] }, ...silent("68m")],
    },
  ],
  GatewayStreamsNearLimit: [
    {
      name: "four fifths of the streams",
      input: [{ series: `forecast_gateway_streams{${OF}}`, values: "1599x120 1601x120 100x200" }],
      expected: [
        ...silent("19m", "34m"),
        { at: "36m", alerts: [{ ...gateway, ...warning }] },
        ...silent("56m"),
      ],
    },
  ],
  GatewaySeriesNearLimit: [
    {
      name: "four fifths of the series, in a gateway and in a process",
      input: [
        streams,
        { series: `forecast_series{${OF}}`, values: "801x200" },
        { series: 'forecast_series{job="agents",instance="b:1"}', values: "9000x200" },
      ],
      expected: [...silent("14m"), { at: "16m", alerts: [{ ...gateway, ...warning }] }],
    },
  ],
};

describe("an alert on a gateway", () => {
  it.for(Object.entries(lines))("%s fires when it must and not otherwise", ([name, timeLines], context) => {
    needs(context, promtool);
    const alertname = `OtelForecast${name}`;
    const verdict = testRules(
      generated.groups,
      timeLines.map((line) => ({ ...line, alertname })),
    );
    expect(verdict.status, verdict.said).toBe(0);
  });

  it("is there for every rule", () => {
    const rules = generated.groups.find(({ name }) => name === "otel-forecast-gateway")?.rules ?? [];
    const names = rules.flatMap((rule) => ("alert" in rule ? [rule.alert] : []));
    expect(names.sort()).toEqual(
      Object.keys(lines)
        .map((name) => `OtelForecast${name}`)
        .sort(),
    );
  });
});

describe("the alert on Kafka", () => {
  it("fires if more and more is not read, and not while a start catches up", (context) => {
    needs(context, promtool);
    const lag = (values: string): TimeLine["input"][number] => ({
      series: `forecast_gateway_kafka_lag{${OF},partition="3"}`,
      values,
    });
    const alertname = "OtelForecastGatewayKafkaLagging";
    const verdict = testRules(ofKafka.groups, [
      {
        name: "it falls behind",
        alertname,
        input: [lag("0x60 10+10x300")],
        expected: [...silent("20m"), { at: "45m", alerts: [{ ...gateway, partition: "3", ...warning }] }],
      },
      { name: "it catches up", alertname, input: [lag("9000-30x300")], expected: silent("20m", "40m") },
    ]);
    expect(verdict.status, verdict.said).toBe(0);
  });
});

describe("an alert on a threshold of a gateway", () => {
  const series = 'job="node",instance="h:9100",device="sda"';
  const ahead = `${series},horizon="1h"`;
  const of = `${series},metric="disk_used_ratio"`;
  const labels = { job: "node", instance: "h:9100", device: "sda", metric: "disk_used_ratio", limit: "90%" };

  it("fires on a forecast although nothing else of the series is in Prometheus", (context) => {
    needs(context, promtool);
    const steady = (name: string, value: number): TimeLine["input"][number] => ({
      series: name,
      values: `${value}x900`,
    });
    const verdict = testRules(generated.groups, [
      {
        name: "it grows, and its sender stops",
        alertname: "OtelForecastDiskUsedRatioHeadingHigh",
        input: [
          {
            series: `disk_used_ratio_predicted_lower{${ahead},level="0.8"}`,
            values: "0.8x60 0.95x400",
          },
          steady(`forecast_slope_per_hour{${of}}`, 0.1),
          { series: `forecast_ready{${of}}`, values: "1x240 0x200" },
          steady(`forecast_error_ratio{${of},horizon="1h"}`, 0.7),
        ],
        expected: [
          ...silent("9m"),
          { at: "20m", alerts: [{ ...labels, horizon: "1h", level: "0.8", ...critical }] },
          ...silent("60m"),
        ],
      },
    ]);
    expect(verdict.status, verdict.said).toBe(0);
  });

  it("fires on a path, and not on its mean alone", (context) => {
    needs(context, promtool);
    // promtool has no samples of the future: the same paths, six hours earlier, without the offset.
    const earlier = generated.groups.map((group) => ({
      ...group,
      rules: group.rules.map((rule) => ({ ...rule, expr: rule.expr.replaceAll(" offset -6h", "") })),
    }));
    const path = (bound: string, values: string): TimeLine["input"][number] => ({
      series: `disk_used_ratio{${series},forecast="${bound}",level="0.8"}`,
      values,
    });
    const verdict = testRules(earlier, [
      {
        name: "there is a peak",
        alertname: "OtelForecastDiskUsedRatioPathHigh",
        input: [path("lower", "0.5x60 0.95x6 0.5x300"), path("path", "0.99x360")],
        expected: [...silent("9m"), { at: "30m", alerts: [{ ...labels, horizon: "6h", ...warning }] }],
      },
      {
        name: "the mean is past the limit",
        alertname: "OtelForecastDiskUsedRatioPathHigh",
        input: [path("lower", "0.5x360"), path("path", "0.99x360")],
        expected: silent("30m", "50m"),
      },
    ]);
    expect(verdict.status, verdict.said).toBe(0);
  });
});
