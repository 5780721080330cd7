import { describe, expect, it } from "vitest";
import { AlertBook } from "../../src/alerts/alert-book.ts";
import type { ResolvedAlert } from "../../src/alerts/resolved.ts";
import type { SavedAlert } from "../../src/alerts/saved-alerting.ts";
import type { AlertSource, TrackedAlert } from "../../src/alerts/tracked-alert.ts";
import { atOnce } from "../../src/core/yielding-runner.ts";

const rule: ResolvedAlert = {
  name: "QueueIsLong",
  metric: "queue",
  matches: (metric) => metric === "queue",
  horizon: { label: "5m", seconds: 300 },
  condition: {
    threshold: { value: 90, direction: "above" },
    recovery: 90,
    basis: "level",
    bound: "predicted",
    onItsWay: { share: 0 },
    maxErrorRatio: 1,
    whenErrorUnknown: "trust",
    minKnownSeconds: 0,
  },
  onGrowth: false,
  timing: { forMillis: 0, levelForMillis: 0, keepFiringForMillis: 0, cooldownMillis: 0 },
  severity: "warning",
  summary: undefined,
  description: undefined,
  runbookUrl: undefined,
  actions: [],
};

function source(value: number, metric = "queue"): AlertSource & { value: number } {
  const one = {
    value,
    plan: { key: { metric, labels: {} }, unit: "", kind: { nextStart: () => undefined } },
    readingAt: () => ({ current: one.value, secondsUntil: () => undefined }),
  };
  return one;
}

/** A book, and what its listener hears. */
function book(rules: readonly ResolvedAlert[] = [rule]) {
  const heard: string[] = [];
  const hear = (what: string) => (alert: TrackedAlert) =>
    void heard.push(`${what} ${alert.key.metric} ${alert.standing.state}`);
  const alerts = new AlertBook(rules, {
    changed: hear("changed"),
    restored: hear("restored"),
    left: hear("left"),
  });
  let now = 0;
  const take = (...sources: AlertSource[]): string[] => {
    now += 10_000;
    atOnce(alerts.take(sources, now, () => false));
    return heard.splice(0);
  };
  return { alerts, heard, take };
}

function savedWhileFiring(): readonly SavedAlert[] {
  const { alerts, take } = book();
  take(source(95));
  return alerts.saved;
}

describe("the alerts of a process", () => {
  it("begin inactive, fire on the series of their rule, and end when it has gone", () => {
    const { alerts, take } = book();
    const [queue, other] = [source(80), source(95, "other")];
    expect(take(queue, other)).toEqual(["changed queue inactive"]);
    expect(alerts.saved).toEqual([]);
    queue.value = 95;
    expect(take(queue, other)).toEqual(["changed queue firing"]);
    expect(take(queue, other)).toEqual([]);
    expect(take(other)).toEqual(["changed queue resolved", "left queue resolved"]);
    expect([...alerts]).toEqual([]);
  });

  it("are not kept without rules", () => {
    const { alerts, take } = book([]);
    expect(take(source(95))).toEqual([]);
    expect([...alerts]).toEqual([]);
  });
});

describe("alerts that are forgotten", () => {
  const long = {
    ...rule,
    name: "OtherIsLong",
    metric: "other",
    matches: (metric: string) => metric === "other",
  };

  it("leave without an end, and begin anew; others stay", () => {
    const { alerts, heard, take } = book([rule, long]);
    const sources = [source(95), source(95, "other")];
    take(...sources);
    alerts.forget((id) => id.includes("QueueIsLong"));
    expect(heard.splice(0)).toEqual(["left queue firing"]);
    expect([...alerts].map(({ key }) => key.metric)).toEqual(["other"]);
    expect(take(...sources)).toEqual(["changed queue inactive", "changed queue firing"]);
  });

  it("are waited for no more where their series has not been seen", () => {
    const { alerts, take } = book();
    alerts.restore(savedWhileFiring(), 0);
    alerts.forget(() => false);
    expect(alerts.saved).toHaveLength(1);
    alerts.forget(() => true);
    expect(alerts.saved).toEqual([]);
    expect(take(source(80))).toEqual(["changed queue inactive"]);
  });
});

describe("growth towards the limit", () => {
  const HOUR = 3_600_000;

  /** At which collections the alert fires, if the clock is moved while the value grows. */
  function firings(move: (alerts: AlertBook) => number): number[] {
    const growing = { ...rule, onGrowth: true, condition: { ...rule.condition, basis: "forecast" } as const };
    const { alerts } = book([growing]);
    const queue = source(0);
    let moved = 0;
    return Array.from({ length: 105 }, (_, index) => index).filter((index) => {
      if (index === 80) moved = move(alerts);
      queue.value = index < 60 ? 10 + (index % 3) : 12 + 2 * (index - 60) + (index % 3);
      atOnce(alerts.take([queue], index * 10_000 + moved, () => false));
      return [...alerts][0]?.standing.state === "firing" && queue.value <= 90;
    });
  }

  const undisturbed = firings(() => 0);

  it("raises the alert before the limit is passed", () => {
    expect(undisturbed.length).toBeGreaterThan(5);
  });

  it.each([-HOUR, HOUR, 24 * 365 * HOUR])(
    "is seen as well if the clock is set by %d ms meanwhile",
    (millis) => {
      const moved = firings((alerts) => {
        alerts.shift(millis);
        return millis;
      });
      expect(moved).toEqual(undisturbed);
    },
  );

  it("is not continued for longer because the process was paused meanwhile", () => {
    const moved = firings((alerts) => {
      alerts.pause(8 * HOUR);
      return 8 * HOUR;
    });
    expect(moved).toEqual(undisturbed);
  });
});

describe("the alerts of an earlier process", () => {
  it("wait for their series, and go on with it", () => {
    const saved = savedWhileFiring();
    expect(saved).toMatchObject([[expect.stringContaining("QueueIsLong"), { state: "firing" }, 10_000]]);
    const { alerts, heard, take } = book();
    alerts.restore(saved, 0);
    expect(heard).toEqual([]);
    expect(alerts.saved).toEqual(saved);
    expect(take(source(95))).toEqual(["restored queue firing"]);
    expect(alerts.saved).toMatchObject([[saved[0]?.[0], saved[0]?.[1], 10_000]]);
  });

  it("go on at once if their series is there", () => {
    const { alerts, heard, take } = book();
    expect(take(source(80))).toEqual(["changed queue inactive"]);
    alerts.restore(savedWhileFiring(), 0);
    expect(heard).toEqual(["restored queue firing"]);
  });

  it("are not taken for what has begun since", () => {
    const { alerts, heard, take } = book();
    take(source(95));
    const [begun] = [...alerts].map(({ standing }) => standing);
    alerts.restore(
      savedWhileFiring().map(([id, standing, at]) => [id, { ...standing, since: 1 }, at]),
      0,
    );
    expect(heard).toEqual([]);
    expect([...alerts].map(({ standing }) => standing)).toEqual([begun]);
    expect(alerts.saved).toHaveLength(1);
  });

  it("go on once: when the series comes back, its alert is a new one", () => {
    const { alerts, take } = book();
    alerts.restore(savedWhileFiring(), 0);
    expect(take(source(80))).toEqual(["restored queue firing", "changed queue resolved"]);
    expect(take()).toEqual(["left queue resolved"]);
    expect(take(source(80))).toEqual(["changed queue inactive"]);
  });

  it("that was seen more than an hour ago is a new one", () => {
    const { alerts } = book();
    const heard: string[] = [];
    alerts.restore(savedWhileFiring(), 20_000);
    atOnce(alerts.take([], 30_000, () => false));
    atOnce(alerts.take([source(95)], 10_000 + 3_600_001, () => false));
    for (const { standing } of alerts) heard.push(`${standing.state} since ${standing.firedAt}`);
    expect(heard).toEqual(["firing since 3610001"]);
  });

  it("wait for as long as nothing was seen, however many processes there were meanwhile", () => {
    const slow = { ...rule, timing: { ...rule.timing, keepFiringForMillis: 60_000 } };
    const [first, second, third] = [book([slow]).alerts, book([slow]).alerts, book([slow]).alerts];
    const queue = source(95);
    atOnce(first.take([queue], 0, () => false));
    queue.value = 80;
    atOnce(first.take([queue], 10_000, () => false));
    atOnce(first.take([queue], 50_000, () => false));
    second.restore(first.saved, 600_000);
    third.restore(second.saved, 1_200_000);
    atOnce(third.take([queue], 1_200_000, () => false));
    expect([...third].map(({ standing }) => standing.clearSince)).toEqual([1_160_000]);
  });

  it("move with a clock that is set before their series is seen", () => {
    const { alerts } = book();
    alerts.restore(savedWhileFiring(), 20_000);
    alerts.shift(10_000_000);
    atOnce(alerts.take([source(95)], 10_030_000, () => false));
    expect([...alerts].map(({ standing }) => standing.firedAt)).toEqual([10_000]);
  });
});

it("pauses between series, and leaves out those that are removed in a pause", () => {
  const { alerts, heard } = book();
  const sources = Array.from({ length: 40 }, (_, index) => ({
    ...source(index === 39 ? 95 : 1),
    isRemoved: false,
  }));
  const taking = alerts.take(sources, 10_000, () => false);
  while (heard.length === 0) expect(taking.next().done).toBe(false);
  for (const removed of sources.slice(-1)) removed.isRemoved = true;
  expect([...taking].length).toBeGreaterThan(5);
  expect(heard).toEqual(Array(39).fill("changed queue inactive"));
});
