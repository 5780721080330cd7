import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it, vi } from "vitest";
import { packageRoot } from "../e2e/harness/child.ts";
import { BACKSTOP_MILLIS } from "../harness/patience.ts";

interface Supervisor {
  readonly replacedInTime: number;
  readonly outages: { readonly count: number };
  run(signal: AbortSignal): Promise<void>;
  replaceInTime(alert: object): Promise<void>;
}

const alert = {
  threshold: { value: 85, direction: "above" },
  current: 66,
  predictedValue: 89,
  lower: 86,
  upper: 92,
  horizonSeconds: 15,
  timeToThresholdSeconds: 600,
  at: Date.now(),
};

/** A supervisor of a service whose replacement begins when it is asked for, and ends on `finish`. */
async function supervised() {
  const { Supervisor } = (await import(
    pathToFileURL(resolve(packageRoot, "examples/self-healing/supervisor.mjs")).href
  )) as { Supervisor: new (given: object) => Supervisor };
  const end = new AbortController();
  const task = { attempt: (work: () => unknown) => work() };
  const tracker = { recordFailure: vi.fn(), recordRecovery: vi.fn() };
  const monitor = {
    tracker,
    agent: () => ({ task: async (_name: string, work: CallableFunction) => work(task) }),
    recordAgentMetrics: vi.fn(),
    forget: vi.fn(),
  };
  let finish = () => {};
  const service = {
    url: "http://127.0.0.1:1/health",
    ailment: "crashed",
    signal: end.signal,
    start: vi.fn(async () => {}),
    stop: vi.fn(async () => {}),
    probe: vi.fn(async () => ({ memoryUsage: 66 })),
    replace: vi.fn(
      () =>
        new Promise<void>((done) => {
          finish = done;
        }),
    ),
  };
  const told: string[] = [];
  const supervisor = new Supervisor({
    monitor,
    service,
    agentName: "self-healing",
    serviceName: "leaky-service",
    tell: (text: string) => told.push(text),
  });
  return { supervisor, service, tracker, told, end, finish: () => finish() };
}

it("waits at its end for a replacement that has begun, so that no process is left", async () => {
  const { supervisor, service, told, end, finish } = await supervised();
  let hasEnded = false;
  const run = supervisor.run(end.signal).then(() => {
    hasEnded = true;
  });
  await vi.waitFor(() => expect(service.probe).toHaveBeenCalled());
  const replacement = supervisor.replaceInTime(alert);
  end.abort();
  await new Promise((done) => setImmediate(done));
  expect(hasEnded).toBe(false);
  finish();
  await Promise.all([run, replacement]);
  expect(supervisor.replacedInTime).toBe(1);
  expect(told).toEqual([
    expect.stringMatching(/^replaced leaky-service in time, (10 min|\d+ s) before its limit of 85% /),
  ]);
  await supervisor.replaceInTime(alert);
  expect(service.replace).toHaveBeenCalledTimes(1);
});

it("does not say that it replaced in time a service that died before the next one answered", async () => {
  const { supervisor, service, tracker, told, end, finish } = await supervised();
  const run = supervisor.run(end.signal);
  await vi.waitFor(() => expect(service.probe).toHaveBeenCalled());
  const replacement = supervisor.replaceInTime(alert);
  service.probe.mockRejectedValueOnce(new Error("it is gone"));
  await vi.waitFor(() => expect(supervisor.outages.count).toBe(1), { timeout: BACKSTOP_MILLIS });
  finish();
  await replacement;
  end.abort();
  await run;
  expect(supervisor.replacedInTime).toBe(0);
  expect(told).toEqual([expect.stringMatching(/^replaced leaky-service too late, /)]);
  // The supervisor did not restart what it was replacing, and the outage is over.
  expect(service.start).toHaveBeenCalledTimes(1);
  expect(tracker.recordRecovery).toHaveBeenCalledWith(
    expect.objectContaining({ recoveryAction: "replace_service", success: true }),
  );
});

it("says which outage it ended, and leaves a probe of the former process aside", async () => {
  const { supervisor, service, told, end } = await supervised();
  const run = supervisor.run(end.signal);
  await vi.waitFor(() => expect(service.probe).toHaveBeenCalled());
  service.probe.mockImplementationOnce(async () => {
    service.url = "http://127.0.0.1:2/health";
    throw new Error("the former process is gone");
  });
  await vi.waitFor(() => expect(service.probe.mock.calls.length).toBeGreaterThan(2), {
    timeout: BACKSTOP_MILLIS,
  });
  expect(supervisor.outages.count).toBe(0);
  service.probe.mockRejectedValueOnce(new Error("it is gone"));
  await vi.waitFor(() => expect(told).toHaveLength(1), { timeout: BACKSTOP_MILLIS });
  end.abort();
  await run;
  expect(told[0]).toMatch(/^restarted leaky-service because it had crashed, down for \d/);
});
