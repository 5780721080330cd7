import { expect, it } from "vitest";
import { postableAlerts, postToAlertmanager } from "../../../../src/alerts/actions/delivery/alertmanager.ts";
import { firing } from "../../alerts.ts";
import { Receiver } from "../../receiver.ts";

it("sends the identity of the alert as labels, and the time until which it is valid", () => {
  expect(postableAlerts(firing)).toEqual([
    {
      labels: {
        agent: "worker-1",
        host_name: "a",
        alertname: "MemoryWillRunOut",
        metric: "ai_cloud_memory_usage_percent",
        severity: "critical",
      },
      annotations: {
        summary: "worker-1 is running out of memory",
        description: "60% now, 95% in 5 minutes",
        runbook_url: "https://example.com/runbook",
      },
      startsAt: "2026-01-01T00:00:00.000Z",
      endsAt: "2026-01-01T00:05:00.000Z",
    },
  ]);
});

it("keeps apart series that differ in a label of ours, or in one of two labels with the same name", () => {
  const labelsOf = (labels: Record<string, string>) =>
    postableAlerts({ ...firing, labels }).map((alert) => (alert as { labels: unknown }).labels);
  const ours = { alertname: "MemoryWillRunOut", metric: firing.metricName, severity: "critical" };
  expect(labelsOf({ severity: "low", passed: "no", "host.name": "a", host_name: "b" })).toEqual([
    { ...ours, exported_severity: "low", exported_passed: "no", host_name: "a;b" },
  ]);
});

it("ends a resolved alert at the time of its end", () => {
  const resolved = { ...firing, state: "resolved", since: Date.UTC(2026, 0, 1, 2) } as const;
  expect(postableAlerts(resolved)).toMatchObject([
    {
      startsAt: "2026-01-01T00:00:00.000Z",
      endsAt: "2026-01-01T02:00:00.000Z",
    },
  ]);
});

it("makes a second alert of a forecast alert whose level has passed the threshold", () => {
  const passedAt = Date.UTC(2026, 0, 1, 0, 1);
  const passed = { ...firing, cause: "forecast", passedAt, passedSeconds: 0 } as const;
  const [first, second] = postableAlerts(passed) as [Record<string, unknown>, Record<string, unknown>];
  expect(first).toEqual(postableAlerts(firing)[0]);
  expect(second).toEqual({
    ...first,
    labels: { ...(first.labels as object), passed: "true" },
    startsAt: "2026-01-01T00:01:00.000Z",
  });
  expect(postableAlerts({ ...passed, cause: "level" })).toMatchObject([
    { labels: { passed: "true" }, startsAt: "2026-01-01T00:00:00.000Z" },
  ]);
});

it("posts to a path below the configured address", async () => {
  const receiver = new Receiver();
  const url = await receiver.start();
  const call = { signal: new AbortController().signal, idempotencyKey: "k", attempt: 1 };
  await postToAlertmanager(new URL("/prefix/", url), firing, call, 0);
  await postToAlertmanager(url, firing, call, 0);
  expect(receiver.received.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "POST /prefix/api/v2/alerts",
    "POST /api/v2/alerts",
  ]);
  expect(JSON.parse(receiver.received[0]?.body ?? "")).toEqual(postableAlerts(firing));
  await receiver.stop();
});
