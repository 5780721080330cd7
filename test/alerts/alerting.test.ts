import { diag } from "@opentelemetry/api";
import { describe, expect, it, vi } from "vitest";
import type { Alert } from "../../src/alerts/alert.ts";
import type { ActionCall, ActionRule, AlertRule } from "../../src/alerts/entries.ts";
import { seriesOfAlert } from "../../src/alerts/tracked-alert.ts";
import type { ForecastOptions } from "../../src/config/options.ts";
import { atOnce } from "../../src/core/yielding-runner.ts";
import { eventually } from "../eventually.ts";
import { GaugeOfOthers } from "../run/gauge-of-others.ts";
import { Harness, MINUTE, SECOND } from "../run/harness.ts";
import { Receiver } from "./receiver.ts";

const METRIC = "ai_cloud_memory_usage_percent";
const rule: AlertRule = {
  name: "MemoryWillRunOut",
  metric: METRIC,
  threshold: { above: 80, recovery: 60 },
  for: "20s",
  keepFiringFor: "20s",
  cooldown: "1m",
  description: "{{agent}}: {{current}}, {{predicted}} in {{horizon}}, {{when}}",
  actions: ["restart"],
};
const series = { agent: "worker-1", alert: "MemoryWillRunOut" };

/** A pipeline that watches the memory of an agent, and the calls of its action. */
function watching(options: ForecastOptions = {}, action: Partial<ActionRule> = {}) {
  const calls: { alert: Alert; call: ActionCall }[] = [];
  const harness = new Harness({
    method: "linear-trend",
    collectionIntervalMillis: 10 * SECOND,
    alerts: [rule],
    actions: {
      restart: {
        run: (alert, call) => calls.push({ alert, call }),
        effect: "protect",
        mode: "act",
        ...action,
      },
    },
    ...options,
  });
  const memory = async (values: Iterable<number>, agentName = "worker-1"): Promise<string[]> => {
    const states: string[] = [];
    for (const memoryUsage of values) {
      await harness.ticks(1, () => harness.pipeline.recordAgent({ agentName, memoryUsage }));
      const [alert] = harness.pipeline.alerting.alerts({ agentName });
      states.push(alert?.state ?? "none");
    }
    return states;
  };
  return { harness, calls, memory, alerting: harness.pipeline.alerting };
}

/** One value every ten seconds, in percent. */
function ramp(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}

describe("an alert on a series that grows", () => {
  it("acts once before the limit is reached, and is resolved after the level has fallen", async () => {
    const { harness, calls, memory } = watching();
    // 1 % every 10 s: from 74 on, the forecast passes 80 within a minute.
    const states = await memory(ramp(40, 78, 1));
    expect(states.slice(0, 34)).toEqual(new Array(34).fill("inactive"));
    expect(states.indexOf("firing")).toBeGreaterThanOrEqual(35);
    expect(40 + states.indexOf("firing")).toBeLessThan(80);
    expect(calls).toHaveLength(1);
    expect(calls[0]?.call).toMatchObject({
      attempt: 1,
      idempotencyKey: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(calls[0]?.alert).toMatchObject({
      name: "MemoryWillRunOut",
      state: "firing",
      agentName: "worker-1",
      metricName: METRIC,
      threshold: { value: 80, direction: "above" },
      horizonSeconds: 60,
      severity: "warning",
    });
    expect(calls[0]?.alert.description).toMatch(
      /^worker-1: 7\d%, 8\d(\.\d)?% in 1 minute, in about \d+ seconds$/,
    );
    expect(await harness.value("forecast_alert_state", series)).toBe(3);

    const after = await memory(new Array(20).fill(20));
    expect(after[0]).toBe("firing");
    expect(after).toContain("resolved");
    expect(after.at(-1)).toBe("inactive");
    expect(calls).toHaveLength(1);
    expect(await harness.value("forecast_alert_state", series)).toBe(0);
  });

  it("counts the runs of its actions, from 0", async () => {
    const { harness, memory } = watching();
    const runs = (outcome: string) =>
      harness.value("forecast_action_runs_total", { action: "restart", outcome });
    await memory(ramp(40, 50, 1));
    expect(await runs("succeeded")).toBe(0);
    await memory(ramp(51, 79, 1));
    await harness.ticks();
    expect(await runs("succeeded")).toBe(1);
    expect(await runs("failed")).toBe(0);
    expect(await runs("observed")).toBeUndefined();
  });

  it("only logs what its actions would do, unless their mode is act", async () => {
    const { harness, calls, memory } = watching({}, { mode: "observe" });
    await memory(ramp(40, 79, 1));
    await harness.ticks();
    expect(calls).toEqual([]);
    const observed = { action: "restart", outcome: "observed" };
    expect(await harness.value("forecast_action_runs_total", observed)).toBe(1);
  });

  it("continues to collect if its action throws", async () => {
    const { harness, memory } = watching(
      {},
      {
        run: () => {
          throw new Error("no");
        },
      },
    );
    await memory(ramp(40, 79, 1));
    await harness.ticks();
    const failed = { action: "restart", outcome: "failed" };
    expect(await harness.value("forecast_action_runs_total", failed)).toBe(1);
    expect(harness.pipeline.health().healthy).toBe(true);
  });

  it("waits for a function that is registered later", async () => {
    const told: string[] = [];
    const { alerting, memory } = watching({
      actions: { restart: { function: "restart", effect: "protect", mode: "act" } },
    });
    alerting.notifications.register("restart", ({ agentName }) => told.push(agentName ?? ""));
    await memory(ramp(40, 79, 1));
    expect(told).toEqual(["worker-1"]);
    expect(() => alerting.notifications.register("", () => {})).toThrow("the name of an action");
    expect(() => alerting.notifications.register("x", 5 as never)).toThrow(
      'action "x" must be registered with a function',
    );
  });
});

describe("an alert on a forecast whose level then passes the threshold", () => {
  it("runs its actions again, unless they leave that out", async () => {
    const { calls, memory } = watching();
    await memory(ramp(40, 79, 1));
    expect(calls).toHaveLength(1);
    await memory([81, 82, 83]);
    expect(calls.map(({ alert }) => alert.passedAt !== undefined)).toEqual([false, true]);
    expect(new Set(calls.map(({ call }) => call.idempotencyKey)).size).toBe(2);
    const other = watching({}, { onPassed: false });
    await other.memory([...ramp(40, 79, 1), 81, 82, 83]);
    expect(other.calls).toHaveLength(1);
  });

  it("does not run an action again that has helped while the first run was in progress", async () => {
    let finish = (): void => {};
    const begun: Alert[] = [];
    const { memory } = watching(
      {},
      {
        run: (alert) => {
          begun.push(alert);
          return new Promise<void>((resolve) => {
            finish = resolve;
          });
        },
      },
    );
    await memory([...ramp(40, 79, 1), 81, 40]);
    finish();
    await memory([40]);
    expect(begun).toHaveLength(1);
  });
});

describe("an alert that must be silent", () => {
  it("does not fire while the series is warming up", async () => {
    const { harness, memory } = watching();
    const states = await memory(ramp(40, 80, 10));
    expect(new Set(states)).toEqual(new Set(["inactive"]));
    expect(await harness.value("forecast_alert_state", series)).toBe(0);
  });

  it("does not fire on a spike", async () => {
    const { calls, memory } = watching();
    const states = await memory([...new Array(20).fill(40), 79, ...new Array(20).fill(40)]);
    expect(states).not.toContain("firing");
    expect(calls).toEqual([]);
  });

  it("does not fire for other agents", async () => {
    const { alerting, memory } = watching({ alerts: [{ ...rule, agents: ["other-*"] }] });
    await memory(ramp(40, 79, 1));
    expect(alerting.alerts({})).toEqual([]);
  });

  it("does not trust the naive method, which is never better than itself", async () => {
    const { memory } = watching({
      method: "naive",
      alerts: [{ ...rule, onItsWay: { share: 0 }, onGrowth: false }],
    });
    const states = await memory(ramp(40, 80, 1));
    expect(states).not.toContain("firing");
    expect(await memory([81, 81, 81])).toEqual(["pending", "pending", "firing"]);
  });
});

describe("an alert whose series vanishes", () => {
  it("is resolved with that reason, and leaves with the series", async () => {
    const told: Alert[] = [];
    const { harness, alerting, memory } = watching(
      { expiryMillis: MINUTE },
      { run: (alert) => told.push(alert), onResolved: true },
    );
    await memory(ramp(40, 79, 1));
    expect(await harness.value("forecast_alert_state", series)).toBe(3);
    await harness.ticks(12);
    expect(alerting.alerts({ agentName: "worker-1" })).toEqual([]);
    expect(await harness.value("forecast_alert_state", series)).toBeUndefined();
    expect(told.map(({ state, reason }) => [state, reason])).toEqual([
      ["firing", undefined],
      ["resolved", "series_gone"],
    ]);
  });
});

describe("an alert of an earlier process", () => {
  it("goes on where it was, and only its end is told", async () => {
    const first = watching();
    await first.memory(ramp(40, 70, 1));
    const before = first.alerting.changes;
    await first.memory(ramp(71, 79, 1));
    expect(first.alerting.changes).toBeGreaterThan(before);
    const saved = JSON.parse(JSON.stringify(first.alerting.save()));

    const { alerting, calls, memory } = watching({}, { onResolved: true });
    expect(alerting.restore({ ...saved, notified: 5 })).toBe(false);
    expect(await memory([79])).toEqual(["inactive"]);
    const second = watching({}, { onResolved: true });
    expect(second.alerting.restore(saved)).toBe(true);
    // Without it, the series is warming up.
    expect(await second.memory([79, 79])).toEqual(["firing", "firing"]);
    expect(second.calls).toEqual([]);
    await second.memory(new Array(10).fill(20));
    expect(second.calls.map(({ alert }) => alert.state)).toEqual(["resolved"]);
    expect(calls).toEqual([]);
  });
});

describe("an alert, its actions and maintenance", () => {
  it("move in time with a clock that was set", async () => {
    const { alerting, memory } = watching();
    await memory(ramp(40, 79, 1));
    const before = structuredClone(alerting.save());
    const [standing] = before.alerts.map((alert) => alert[1]);
    alerting.shift(-5000);
    const after = alerting.save();
    expect(after.alerts.map((alert) => alert[1].since)).toEqual([(standing?.since ?? 0) - 5000]);
    expect(after.actions).toEqual(before.actions.map((at) => at - 5000));
    expect(after.notified).toEqual(before.notified.map(([key, at]) => [key, at - 5000]));
  });

  it("keep maintenance for its duration when the clock was set, also forward", async () => {
    const { harness, alerting } = watching();
    const now = harness.world.millis;
    const isMaintained = (at: number): boolean => {
      const key = { metric: METRIC, labels: { agent: "worker-1" } };
      return atOnce(alerting.underMaintenance([], at, [{ plan: { key } } as never])).size > 0;
    };
    alerting.beginMaintenance({ durationMillis: MINUTE });
    expect(isMaintained(now + MINUTE - 1)).toBe(true);
    alerting.shift(10 * MINUTE);
    expect(isMaintained(now + MINUTE - 1)).toBe(false);
    expect(isMaintained(now + 11 * MINUTE - 1)).toBe(true);
    expect(isMaintained(now + 11 * MINUTE + 1)).toBe(false);
  });

  it("are forgotten without an end where another process goes on with the series", async () => {
    const { alerting, calls, memory } = watching({}, { onResolved: true });
    await memory(ramp(40, 79, 1));
    alerting.forget(() => false);
    expect(alerting.save()).toMatchObject({ alerts: [expect.anything()], notified: [expect.anything()] });
    alerting.forget((id) => seriesOfAlert(id).includes("worker-1"));
    expect(alerting.alerts({})).toEqual([]);
    expect(alerting.save()).toMatchObject({ alerts: [], notified: [] });
    expect(calls.map(({ alert }) => alert.state)).toEqual(["firing"]);
  });

  it("are selected by name, agent, metric and state", async () => {
    const { alerting, memory } = watching();
    await memory(ramp(40, 79, 1));
    const one = { name: rule.name, agentName: "worker-1", metricName: METRIC, state: "firing" } as const;
    expect(alerting.alerts(one)).toHaveLength(1);
    for (const other of [
      { name: "x" },
      { agentName: "x" },
      { metricName: "x" },
      { state: "resolved" },
    ] as const)
      expect(alerting.alerts({ ...one, ...other })).toEqual([]);
  });
});

describe("maintenance by call", () => {
  it("ends firing alerts, lets no alert begin and learns nothing", async () => {
    const { harness, alerting, memory } = watching();
    expect((await memory(ramp(40, 79, 1))).at(-1)).toBe("firing");
    const end = alerting.beginMaintenance({ agentName: "worker-*" });
    const during = await memory(ramp(80, 99, 1));
    expect(new Set(during)).toEqual(new Set(["resolved"]));
    expect(alerting.alerts({})[0]?.reason).toBe("maintenance");
    const before = harness.pipeline.engine.forecasts({ metricName: METRIC, agentName: "worker-1" })[0];
    end();
    await memory([40]);
    const [after] = harness.pipeline.engine.forecasts({ metricName: METRIC, agentName: "worker-1" });
    expect(before?.state).toBe("ready");
    expect(after?.state).toBe("ready");
    expect((await memory(new Array(10).fill(40))).at(-1)).toBe("inactive");
  });

  it("leaves a gap in the series, and no series expires because of it", async () => {
    const { harness, alerting, memory } = watching({ expiryMillis: 2 * MINUTE });
    await memory(new Array(30).fill(40));
    const end = alerting.beginMaintenance({ durationMillis: 10 * MINUTE });
    await memory(new Array(59).fill(95));
    end();
    await memory([41]);
    const [forecast] = harness.pipeline.engine.forecasts({ metricName: METRIC, agentName: "worker-1" });
    // If it had learnt the 95, it would expect more than what it has seen, which is 40 and 41.
    const predicted = forecast?.state === "ready" ? forecast.predictedValue : Number.NaN;
    expect(predicted).toBeGreaterThanOrEqual(40);
    expect(predicted).toBeLessThanOrEqual(41.5);
  });
});

describe("maintenance of a series that a gateway receives no values of any more", () => {
  const options: ForecastOptions = {
    alerts: [
      { name: "QueueIsLong", metric: "queue", threshold: { above: 80 }, on: "level", cooldown: "30s" },
    ],
  };

  it("lets no alert begin", async () => {
    const harness = new GaugeOfOthers(options);
    const { alerting } = harness.pipeline;
    harness.reported = 90;
    await harness.ticks(20);
    const states = (): string[] => alerting.alerts({}).map(({ state }) => state);
    expect(states()).toEqual(["firing"]);
    const end = alerting.beginMaintenance({});
    await harness.ticks(1);
    harness.reported = undefined;
    await harness.ticks(30);
    expect(states()).toEqual(["resolved"]);
    end();
    harness.reported = 70;
    await harness.ticks(4);
    expect(states()).toEqual(["inactive"]);
  });
});

describe("an alert on a series that a gateway receives no values of any more", () => {
  const heading = { metric: "queue", for: "1m", whenErrorUnknown: "trust" } as const;
  const options: ForecastOptions = {
    method: "linear-trend",
    alerts: [
      { ...heading, name: "QueueWillBeLong", threshold: { above: 80 }, onGrowth: false },
      { ...heading, name: "QueueIsLong", threshold: { above: 74 }, on: "level" },
    ],
  };

  it("does not fire by a forecast that stands still, but by the last known value", async () => {
    const harness = new GaugeOfOthers(options);
    const states = (): string[] => harness.pipeline.alerting.alerts({}).map(({ state }) => state);
    await harness.ticks(60, (tick) => {
      harness.reported = 18 + tick;
    });
    expect(states()).toEqual(["pending", "pending"]);
    harness.reported = undefined;
    await harness.ticks(20);
    expect(states()).toEqual(["inactive", "firing"]);
  });
});

describe("maintenance by configuration", () => {
  it("silences the series that it names", async () => {
    const { calls, memory } = watching({
      maintenance: [{ from: "2026-01-01T00:00:00Z", to: "2026-01-01T01:00:00Z", metrics: ["*_memory_*"] }],
    });
    const states = await memory(ramp(40, 90, 1));
    expect(new Set(states)).toEqual(new Set(["none"]));
    expect(calls).toEqual([]);
  });
});

describe("numbers over a window", () => {
  it("are under maintenance until their window no longer overlaps the maintenance", async () => {
    const { harness, alerting } = watching({ windowMillis: MINUTE });
    const succeed = (): void => {
      harness.pipeline.instruments.recorder.recordTask({
        taskId: String(harness.world.millis),
        agentName: "worker-1",
        taskType: "t",
        success: true,
        executionTime: 1,
      });
    };
    const points = (metricName: string): number => {
      const [forecast] = harness.pipeline.engine.forecasts({ metricName, agentName: "worker-1" });
      return forecast?.state === "warming-up" ? forecast.missingPoints : Number.NaN;
    };
    await harness.ticks(2, succeed);
    const before = points("ai_cloud_task_success_rate");
    alerting.beginMaintenance({ durationMillis: 10 * SECOND });
    await harness.ticks(6, succeed);
    expect(points("ai_cloud_task_success_rate")).toBe(before);
    expect(points("ai_cloud_active_tasks")).toBeLessThan(before);
    await harness.ticks(4, succeed);
    expect(points("ai_cloud_task_success_rate")).toBeLessThan(before);
  });
});

function passedOf({ labels }: { labels: { passed?: string } }): string | undefined {
  return labels.passed;
}

describe("an Alertmanager", () => {
  it("is notified again while the alert fires, without use of the budget, and when it ends", async () => {
    const receiver = new Receiver();
    const alertmanager = (await receiver.start()).href;
    const { harness, memory } = watching({
      alerts: [{ ...rule, actions: ["page"] }],
      actions: { page: { alertmanager, mode: "act" } },
      actionsPerHour: 1,
    });
    await memory(ramp(40, 79, 1));
    await receiver.hasReceived(1);
    for (let told = 2; told <= 3; told += 1) {
      await memory(new Array(6).fill(85));
      await receiver.hasReceived(told);
    }
    expect(harness.pipeline.alerting.alerts({})[0]?.state).toBe("firing");
    await memory(new Array(12).fill(20));
    // Where the machine is busy, a notification begins later, and one more may be due while it fires.
    const alertsTold = () => receiver.received.map(({ body }) => JSON.parse(body)[0]);
    const endOf = ({ endsAt }: { endsAt: string }): number => Date.parse(endsAt);
    await eventually(() => expect(endOf(alertsTold().at(-1))).toBeLessThan(harness.world.millis));
    const told = alertsTold();
    const repeated = told.slice(1, -1);
    expect(repeated.length).toBeGreaterThanOrEqual(2);
    for (const alert of repeated) expect(endOf(alert)).toBeGreaterThan(endOf(told[0]) - 1);
    // It passes 80 after the first notification.
    const labels = receiver.received.map(({ body }) => JSON.parse(body).map(passedOf));
    expect(labels).toEqual([[undefined], ...told.slice(1).map(() => [undefined, "true"])]);
    expect(new Set(told.map(({ startsAt }) => startsAt)).size).toBe(1);
    expect(new Set(receiver.received.map(({ headers }) => headers["idempotency-key"])).size).toBe(
      told.length,
    );
    await receiver.stop();
  });
});

describe("an action that is over budget", () => {
  it("is not run at the end of an alert whose beginning it missed", async () => {
    const { harness, calls, memory } = watching({ actionsPerHour: 0 }, { onResolved: true });
    await memory(ramp(40, 79, 1));
    await memory(new Array(20).fill(20));
    expect(calls).toEqual([]);
    const denied = { action: "restart", outcome: "over_budget" };
    expect(await harness.value("forecast_action_runs_total", denied)).toBe(1);
  });
});

describe("an action that fails again and again", () => {
  it("is logged once, and again only after a success", async () => {
    const warn = vi.spyOn(diag, "warn").mockImplementation(() => {});
    let isBroken = true;
    const { memory } = watching(
      { alerts: [{ ...rule, for: "0s", keepFiringFor: "0s", cooldown: "0s", on: "level" }] },
      {
        run: () => {
          if (isBroken) throw new Error("no");
        },
      },
    );
    for (const _ of [1, 2, 3]) await memory([90, 10]);
    const complaints = () => warn.mock.calls.filter(([line]) => line.includes('action "restart"'));
    expect(complaints()).toHaveLength(1);
    expect(complaints()[0]?.[0]).toContain(
      'action "restart" for alert MemoryWillRunOut (firing): failed: Error.',
    );
    isBroken = false;
    await memory([90, 10]);
    isBroken = true;
    for (const _ of [1, 2, 3]) await memory([90, 10]);
    expect(complaints()).toHaveLength(2);
    warn.mockRestore();
  });
});

describe("the end of a pipeline", () => {
  it("aborts running actions, and does not wait for an action that continues", async () => {
    const signals: AbortSignal[] = [];
    const { harness, memory } = watching(
      {},
      {
        run: (_, { signal }) => {
          signals.push(signal);
          return new Promise(() => {});
        },
      },
    );
    await memory(ramp(40, 79, 1));
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    await harness.pipeline.stop();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });
});

describe("the state of an alert on a series of the application", () => {
  it("renames labels of the series that have the names of its own labels", async () => {
    const { harness } = watching({
      views: [
        {
          instruments: ["queue.depth"],
          by: "all",
          outputs: [{ name: "{instrument}", number: "level", isPublished: false, isForecast: true }],
        },
      ],
      alerts: [{ name: "QueueGrows", metric: "queue_depth", threshold: { above: 5 } }],
    });
    const gauge = harness.application().getMeter("app").createGauge("queue.depth");
    await harness.ticks(2, () => gauge.record(1, { alert: "mine", queue: "mail" }));
    const shown = (await harness.shown()).get("forecast_alert_state");
    expect(shown?.map(({ labels }) => labels)).toEqual([
      { alert: "QueueGrows", exported_alert: "mine", horizon: "1m", metric: "queue_depth", queue: "mail" },
    ]);
  });
});

describe("the key of an action", () => {
  it("prevents two alerts from acting on the same agent at once", async () => {
    const began: string[] = [];
    const { memory } = watching(
      { alerts: [rule, { ...rule, name: "Other", threshold: { above: 81, recovery: 60 } }] },
      {
        run: ({ name }) => {
          began.push(name);
          return new Promise(() => {});
        },
        key: "{{agent}}",
      },
    );
    await memory(ramp(40, 90, 1));
    expect(began).toEqual(["MemoryWillRunOut"]);
  });
});

describe("forgetting the learnt history", () => {
  it("starts the warm-up again, and removes the alert", async () => {
    const { harness, alerting, memory } = watching();
    expect((await memory(ramp(40, 79, 1))).at(-1)).toBe("firing");
    expect(harness.pipeline.engine.forgetLearnt({ agentName: "nobody" })).toBe(0);
    expect(harness.pipeline.engine.forgetLearnt({ agentName: "worker-*", metricName: METRIC })).toBe(1);
    await memory([80]);
    const [forecast] = harness.pipeline.engine.forecasts({ metricName: METRIC, agentName: "worker-1" });
    expect(forecast?.state).toBe("warming-up");
    expect(alerting.alerts({ agentName: "worker-1" }).map(({ state }) => state)).toEqual(["inactive"]);
    expect(await harness.value(METRIC, { agent: "worker-1" })).toBe(80);
  });
});
