import { describe, expect, it } from "vitest";
import type { Alert } from "../../../src/pipeline/actions/alert.ts";
import type { ActionCall, ActionRule, AlertRule } from "../../../src/pipeline/actions/entries.ts";
import type { ForecastOptions } from "../../../src/pipeline/options/options.ts";
import { Harness, MINUTE, SECOND } from "../harness.ts";

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

/** A pipeline that watches the memory of an agent, with what its action was called with. */
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
  it("acts before the limit is reached, once, and is resolved after the level has come down", async () => {
    const { harness, calls, memory } = watching();
    // 1 % every 10 s, so that 80 is forecast to be passed in a minute from 74 on.
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

  it("counts what it has done, from nothing", async () => {
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

  it("only says what it would have done, unless it was told to act", async () => {
    const { harness, calls, memory } = watching({}, { mode: "observe" });
    await memory(ramp(40, 79, 1));
    await harness.ticks();
    expect(calls).toEqual([]);
    const observed = { action: "restart", outcome: "observed" };
    expect(await harness.value("forecast_action_runs_total", observed)).toBe(1);
  });

  it("goes on collecting when its action throws", async () => {
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
    alerting.register("restart", ({ agentName }) => told.push(agentName ?? ""));
    await memory(ramp(40, 79, 1));
    expect(told).toEqual(["worker-1"]);
    expect(() => alerting.register("", () => {})).toThrow("under a name");
    expect(() => alerting.register("x", 5 as never)).toThrow('action "x" must be registered with a function');
  });
});

describe("an alert that must be silent", () => {
  it("says nothing while the series is warming up", async () => {
    const { harness, memory } = watching();
    const states = await memory(ramp(40, 80, 10));
    expect(new Set(states)).toEqual(new Set(["inactive"]));
    expect(await harness.value("forecast_alert_state", series)).toBe(0);
  });

  it("says nothing of a spike", async () => {
    const { calls, memory } = watching();
    const states = await memory([...new Array(20).fill(40), 79, ...new Array(20).fill(40)]);
    expect(states).not.toContain("firing");
    expect(calls).toEqual([]);
  });

  it("says nothing of agents that it is not about", async () => {
    const { alerting, memory } = watching({ alerts: [{ ...rule, agents: ["other-*"] }] });
    await memory(ramp(40, 79, 1));
    expect(alerting.alerts({})).toEqual([]);
  });

  it("does not believe naive, which is never better than itself", async () => {
    const { memory } = watching({ method: "naive", alerts: [{ ...rule, onItsWay: { share: 0 } }] });
    const states = await memory(ramp(40, 95, 1));
    expect(states).not.toContain("firing");
  });
});

describe("an alert whose series vanishes", () => {
  it("is resolved for that reason, and leaves with the series", async () => {
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

describe("maintenance by call", () => {
  it("ends alerts that fire, lets none begin, and learns nothing meanwhile", async () => {
    const { harness, alerting, memory } = watching();
    expect((await memory(ramp(40, 79, 1))).at(-1)).toBe("firing");
    const end = alerting.beginMaintenance({ agentName: "worker-*" });
    const during = await memory(ramp(80, 99, 1));
    expect(new Set(during)).toEqual(new Set(["resolved"]));
    expect(alerting.alerts({})[0]?.reason).toBe("maintenance");
    const before = harness.pipeline.forecasts({ metricName: METRIC, agentName: "worker-1" })[0];
    end();
    await memory([40]);
    const [after] = harness.pipeline.forecasts({ metricName: METRIC, agentName: "worker-1" });
    expect(before?.state).toBe("ready");
    expect(after?.state).toBe("ready");
    expect((await memory(new Array(10).fill(40))).at(-1)).toBe("inactive");
  });

  it("leaves a gap where it was, and no series expires for it", async () => {
    const { harness, alerting, memory } = watching({ expiryMillis: 2 * MINUTE });
    await memory(new Array(30).fill(40));
    const end = alerting.beginMaintenance({ durationMillis: 10 * MINUTE });
    await memory(new Array(59).fill(95));
    end();
    await memory([41]);
    const [forecast] = harness.pipeline.forecasts({ metricName: METRIC, agentName: "worker-1" });
    // Had it learnt the 95, the trend over the last points would not be one of a percent at most.
    expect(forecast?.state === "ready" && forecast.predictedValue).toBeCloseTo(40, 0);
  });
});

describe("maintenance by configuration", () => {
  it("silences what it names while it lasts", async () => {
    const { calls, memory } = watching({
      maintenance: [{ from: "2026-01-01T00:00:00Z", to: "2026-01-01T01:00:00Z", metrics: ["*_memory_*"] }],
    });
    const states = await memory(ramp(40, 90, 1));
    expect(new Set(states)).toEqual(new Set(["none"]));
    expect(calls).toEqual([]);
  });
});

describe("forgetting what was learnt", () => {
  it("warms up anew, and takes the alert with it", async () => {
    const { harness, alerting, memory } = watching();
    expect((await memory(ramp(40, 79, 1))).at(-1)).toBe("firing");
    expect(harness.pipeline.forgetLearnt({ agentName: "nobody" })).toBe(0);
    expect(harness.pipeline.forgetLearnt({ agentName: "worker-*", metricName: METRIC })).toBe(1);
    await memory([80]);
    const [forecast] = harness.pipeline.forecasts({ metricName: METRIC, agentName: "worker-1" });
    expect(forecast?.state).toBe("warming-up");
    expect(alerting.alerts({ agentName: "worker-1" }).map(({ state }) => state)).toEqual(["inactive"]);
    expect(await harness.value(METRIC, { agent: "worker-1" })).toBe(80);
  });
});
