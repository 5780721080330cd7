import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { Report } from "../../src/processes/report.ts";
import { Reporter } from "../../src/processes/reporter.ts";
import { until } from "../eventually.ts";
import { reportOf } from "./orders.ts";

vi.mock("node:timers", () => globalThis);

/** A reporter of a worker whose metrics the test gives when it is asked for them. */
function reporting({ isFree = true, isSent = true } = {}) {
  const sent: Report[] = [];
  const unsent: unknown[] = [];
  const asked: ((metrics: ReturnType<typeof reportOf>) => void)[] = [];
  const reporter = new Reporter({
    self: "shop",
    producers: [],
    everyMillis: 3_600_000,
    sink: {
      isFree,
      send(report) {
        sent.push(report);
        return isSent;
      },
    },
    worker: () => new Promise((give) => asked.push(give)),
    onUnsent: (worker) => unsent.push(worker),
  });
  return { reporter, sent, unsent, asked };
}

it("reports for the last time what was counted while the report before was made", async () => {
  const { reporter, sent, asked } = reporting();
  void reporter.report();
  await until(() => asked.length === 1);
  const last = reporter.reportLast();
  asked[0]?.(reportOf("a", 1));
  await until(() => asked.length === 2);
  asked[1]?.(reportOf("a", 2));
  await last;
  expect(sent.map(({ worker }) => worker)).toEqual([reportOf("a", 1), reportOf("a", 2)]);
});

it("reports for the last time although the report before is still being sent", async () => {
  const { reporter, sent, asked } = reporting({ isFree: false });
  await reporter.report();
  expect(asked).toEqual([]);
  const last = reporter.reportLast();
  await until(() => asked.length === 1);
  asked[0]?.(reportOf("a", 1));
  await last;
  expect(sent).toHaveLength(1);
});

it("gives back what nobody got, since the connection was closed meanwhile", async () => {
  const { reporter, unsent, asked } = reporting({ isSent: false });
  const reported = reporter.report();
  await until(() => asked.length === 1);
  asked[0]?.(reportOf("a", 1));
  await reported;
  expect(unsent).toEqual([reportOf("a", 1)]);
});

describe("a reporter at an interval", () => {
  /** A reporter of a thread, with the reports that it sends while time passes. */
  function atInterval() {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const sent: Report[] = [];
    let used = 0;
    const reporter = new Reporter({
      self: "shop",
      producers: [],
      everyMillis: 1000,
      sink: { send: (report) => sent.push(report) > 0 },
      used: () => ({ id: "process", today: used++ }),
    });
    return { reporter, sent, pass: (millis: number) => vi.advanceTimersByTimeAsync(millis) };
  }

  it("reports at once, and then each time, also if it is started twice", async () => {
    const { reporter, sent, pass } = atInterval();
    await reporter.start();
    expect(sent).toEqual([{ self: "shop", series: [], used: { id: "process", today: 0 } }]);
    await reporter.start();
    await pass(999);
    expect(sent).toHaveLength(2);
    await pass(1001);
    expect(sent).toHaveLength(4);
  });

  it("reports no more after it has stopped or has reported for the last time, until it is started again", async () => {
    const { reporter, sent, pass } = atInterval();
    await reporter.start();
    reporter.stop();
    await pass(5000);
    expect(sent).toHaveLength(1);
    await reporter.start();
    await pass(1000);
    await reporter.reportLast();
    await pass(5000);
    expect(sent).toHaveLength(4);
  });

  it("has neither use nor metrics of a worker if it is given none", async () => {
    const sent: Report[] = [];
    const sink = { send: (report: Report) => sent.push(report) < 0 };
    const reporter = new Reporter({ self: "shop", producers: [], everyMillis: 1000, sink });
    await reporter.report();
    await reporter.report();
    expect(sent.map((report) => Object.keys(report))).toEqual([
      ["self", "series"],
      ["self", "series"],
    ]);
  });
});

it("makes one report for calls at the same time, and another one later", async () => {
  const { reporter, sent, asked } = reporting();
  const both = [reporter.report(), reporter.report()];
  await until(() => asked.length > 0);
  asked[0]?.(reportOf("a", 1));
  await Promise.all(both);
  expect([asked.length, sent.length]).toEqual([1, 1]);
  void reporter.report();
  await until(() => asked.length === 2);
});
