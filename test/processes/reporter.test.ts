import { expect, it } from "vitest";
import type { Report } from "../../src/processes/report.ts";
import { Reporter } from "../../src/processes/reporter.ts";
import { until } from "../eventually.ts";
import { reportOf } from "./orders.ts";

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
