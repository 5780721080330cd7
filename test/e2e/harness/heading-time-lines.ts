import { halfway, type LimitedMetric } from "../../../src/artifacts/rules/limits.ts";
import type { AlertingRule } from "../../../src/artifacts/rules/rule-file.ts";
import type { InputSeries, TimeLine } from "./promtool.ts";

const STEP_SECONDS = 10;
/** Long enough for every `for` and `keep_firing_for` of the rules with default options. */
const QUIET_STEPS = 30;

/** The samples of the series that an alert uses. */
interface Course {
  readonly measured: string;
  readonly bound: string;
  readonly ready?: string;
  readonly error?: string;
  readonly backtest?: string;
}

/**
 * The cases in which an alert on a forecast must fire or not: 5 minutes of quiet, then an event.
 * All values follow from the limit: past the point halfway to it, a metric is on its way.
 */
export function headingTimeLines(metric: LimitedMetric, rule: AlertingRule, horizon: string): TimeLine[] {
  const { threshold, bounds } = metric;
  const half = halfway(metric) as number;
  const best = (threshold.direction === "above" ? bounds.lower : bounds.upper) as number;
  const way = threshold.value - best;
  const quiet = best + 0.2 * way;
  const beyond = threshold.value + 0.05 * way;
  const step = way / 1e6;
  const waits = steps(rule.for);
  const keeps = steps(rule.keep_firing_for ?? "0s");
  /** Quiet, then on its way and changing for a number of samples, then quiet again. */
  const moving = (count: number, then: string): string =>
    `${ramp(quiet, step, QUIET_STEPS)} ${ramp(half + 0.1 * way, step, count)} ${then}`;
  const held = (value: number, count: number): string => `${value}+0x${count - 1}`;
  const bound = (count: number, then: string): string =>
    `${held(quiet, QUIET_STEPS)} ${held(beyond, count)} ${then}`;
  const backFor = (count: number): string => held(quiet, count);
  const long = waits + 20;

  const system = metric.isOfAgent === false;
  const labels = system ? 'job="agents",instance="a:1"' : 'job="agents",instance="a:1",agent="planner"';
  const firing = {
    job: "agents",
    instance: "a:1",
    ...(system ? {} : { agent: "planner" }),
    level: "0.8",
    ...rule.labels,
  };
  const side = threshold.direction === "above" ? "lower" : "upper";
  const input = ({
    measured,
    bound: it,
    ready = "1x400",
    error = "0.5x400",
    backtest = "_x400",
  }: Course): InputSeries[] => [
    { series: `${metric.metric}{${labels}}`, values: measured },
    { series: `${metric.metric}_predicted_${side}{${labels},horizon="${horizon}",level="0.8"}`, values: it },
    { series: `forecast_ready{${labels},metric="${metric.metric}"}`, values: ready },
    {
      series: `forecast_error_ratio{${labels},metric="${metric.metric}",horizon="${horizon}"}`,
      values: error,
    },
    {
      series: `forecast_backtest_error_ratio{${labels},metric="${metric.metric}",horizon="${horizon}"}`,
      values: backtest,
    },
  ];
  const at = (step: number): string => `${step * STEP_SECONDS}s`;
  const line = (name: string, course: Course, fires: readonly (readonly [number, boolean])[]): TimeLine => ({
    name: `${rule.alert} ${horizon}: ${name}`,
    alertname: rule.alert,
    input: input(course),
    expected: fires.map(([step, isFiring]) => ({ at: at(step), alerts: isFiring ? [firing] : [] })),
  });
  const never = (name: string, course: Course): TimeLine =>
    line(
      name,
      course,
      Array.from({ length: 12 }, (_, index) => [
        QUIET_STEPS + Math.round(((index + 1) * (waits + 20)) / 12),
        false,
      ]),
    );

  const start = QUIET_STEPS;
  const end = start + long;
  return [
    line(
      "fires when all of it holds for long enough, and resolves after it is over",
      {
        measured: moving(long, `${backFor(keeps + 30)}`),
        bound: bound(long, backFor(keeps + 30)),
      },
      [
        [start + waits - 1, false],
        [start + waits + 1, true],
        [end - 1, true],
        [end + keeps - 2, true],
        [end + keeps + 1, false],
      ],
    ),
    never("does not fire for a spike", {
      measured: moving(Math.max(2, waits - 1), backFor(long)),
      bound: bound(Math.max(2, waits - 1), backFor(long)),
    }),
    never("does not fire while it flaps", {
      measured: moving(long, backFor(5)),
      bound: `${held(quiet, start)} ${`${held(beyond, 2)} ${held(quiet, 2)} `.repeat(Math.ceil(long / 4))}`,
    }),
    line(
      "fires once, and not anew, when it flaps afterwards",
      {
        measured: moving(long + 40, backFor(5)),
        bound: `${bound(long, "")}${`${held(quiet, 2)} ${held(beyond, 2)} `.repeat(10)}`,
      },
      Array.from({ length: 19 }, (_, index) => [end + 2 * index, true]),
    ),
    never("does not fire during warm-up, though bounds are there", {
      measured: moving(long, backFor(5)),
      bound: bound(long, backFor(5)),
      ready: "0x400",
    }),
    never("does not fire while neither the error of past forecasts nor a backtest is known", {
      measured: moving(long, backFor(5)),
      bound: bound(long, backFor(5)),
      error: "_x400",
    }),
    line(
      "uses the backtest until the error of past forecasts is known",
      {
        measured: moving(long, backFor(5)),
        bound: bound(long, backFor(5)),
        error: "_x400",
        backtest: "0.5x400",
      },
      [
        [start + waits - 1, false],
        [start + waits + 1, true],
      ],
    ),
    never("does not fire on a model that was worse than naive in its backtest", {
      measured: moving(long, backFor(5)),
      bound: bound(long, backFor(5)),
      error: "_x400",
      backtest: "1.05x400",
    }),
    never("does not fire on forecasts that are worse than naive", {
      measured: moving(long, backFor(5)),
      bound: bound(long, backFor(5)),
      error: "1.05x400",
      backtest: "0.5x400",
    }),
    never("does not fire while the metric itself is well", {
      measured: ramp(quiet, step, 400),
      bound: bound(long, backFor(5)),
    }),
    never("does not fire when the limit lies within the interval", {
      measured: moving(long, backFor(5)),
      bound: `${held(threshold.value - 0.05 * way, start + long)}`,
    }),
    never("does not fire for an agent that vanishes before the time is up", {
      measured: moving(waits - 1, "stale"),
      bound: bound(waits - 1, "stale"),
    }),
    never("does not fire for an agent whose numbers stand still because it is gone", {
      measured: held(half + 0.1 * way, start + long),
      bound: bound(long, backFor(5)),
    }),
    line(
      "resolves when the agent vanishes while it fires",
      { measured: moving(long, "stale"), bound: bound(long, "stale") },
      [
        [end - 1, true],
        [end + keeps + 1, false],
      ],
    ),
  ];
}

function steps(duration: string): number {
  const match = /^(?:(\d+)m)?(?:(\d+)s)?$/.exec(duration);
  if (match === null) throw new Error(`no minutes and seconds: ${duration}`);
  return (60 * Number(match[1] ?? 0) + Number(match[2] ?? 0)) / STEP_SECONDS;
}

/** Samples that differ by a step each. promtool's notation has no exponents. */
function ramp(from: number, step: number, count: number): string {
  return `${from}${step < 0 ? "-" : "+"}${Math.abs(step).toFixed(12)}x${count - 1}`;
}
