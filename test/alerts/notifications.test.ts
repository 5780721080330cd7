import { diag } from "@opentelemetry/api";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { REPEAT_MILLIS } from "../../src/alerts/actions/delivery/alertmanager.ts";
import { Notifications } from "../../src/alerts/notifications.ts";
import type { ResolvedAction, ResolvedAlerting } from "../../src/alerts/resolved.ts";
import type { TrackedAlert } from "../../src/alerts/tracked-alert.ts";
import { actionTo, firing } from "./alerts.ts";
import { ManualClock } from "./manual-clock.ts";
import { Receiver } from "./receiver.ts";

let receiver: Receiver;
let clock: ManualClock;
let url: URL;

beforeEach(async () => {
  receiver = new Receiver();
  clock = new ManualClock();
  url = await receiver.start();
});
afterEach(() => receiver.stop());

function notificationsOf(action: ResolvedAction): Notifications {
  const meter = new MeterProvider().getMeter("test");
  return new Notifications({ actions: [action], actionsPerHour: 1 } as unknown as ResolvedAlerting, {
    meter,
    clock,
  });
}

function alertWith(action: ResolvedAction): TrackedAlert {
  return {
    id: "one",
    standing: { state: "firing", firedAt: clock.millis },
    rule: { actions: [action] },
    describe: () => firing,
  } as unknown as TrackedAlert;
}

it.each([
  { kind: "alertmanager", times: 2 },
  { kind: "webhook", times: 1 },
] as const)("an alert that fires on runs its $kind $times times in a minute", async ({ kind, times }) => {
  const action = actionTo({ kind, url, secret: undefined });
  const notifications = notificationsOf(action);
  const alert = alertWith(action);
  notifications.repeat([alert], clock.millis);
  expect(notifications.begun).toBe(0);
  notifications.changed(alert, undefined);
  expect(notifications.begun).toBe(1);
  await receiver.hasReceived(1);
  notifications.repeat([alert], clock.millis + REPEAT_MILLIS - 1);
  notifications.repeat([{ ...alert, standing: { state: "ok" } } as never], clock.millis + REPEAT_MILLIS);
  // Its action did not run when it began to fire: it was over the budget.
  notifications.repeat([{ ...alert, id: "other" } as never], clock.millis + REPEAT_MILLIS);
  expect(receiver.received.length).toBe(1);
  expect(notifications.saved.notified).toEqual([["act\u0000one", clock.millis]]);
  notifications.repeat([alert], clock.millis + REPEAT_MILLIS);
  notifications.repeat([alert], clock.millis + REPEAT_MILLIS);
  await receiver.hasReceived(times);
  await notifications.stop();
  expect(notifications.begun).toBe(times);
});

it("what was run and told moves in time when the clock was set", async () => {
  const action = actionTo({ kind: "webhook", url, secret: undefined });
  const notifications = notificationsOf(action);
  notifications.changed(alertWith(action), undefined);
  await receiver.hasReceived(1);
  const ranAt = clock.millis;
  expect(notifications.saved).toMatchObject({ actions: [ranAt], notified: [["act\u0000one", ranAt]] });
  notifications.shift(-5000);
  expect(notifications.saved).toMatchObject({
    actions: [ranAt - 5000],
    notified: [["act\u0000one", ranAt - 5000]],
  });
  await notifications.stop();
});

it("the functions that actions need and do not have are logged by their names", () => {
  const error = vi.spyOn(diag, "error").mockImplementation(() => {});
  const logged = (): string[] => error.mock.calls.splice(0).map(([line]) => line);
  const notifications = notificationsOf(actionTo({ kind: "function", name: "restart", run: undefined }));
  notifications.logMissingFunctions();
  expect(logged()).toEqual([expect.stringContaining('action "act": no function "restart" is registered')]);
  notifications.register("restart", () => {});
  notifications.logMissingFunctions();
  notificationsOf(actionTo({ kind: "function", name: "own", run: () => {} })).logMissingFunctions();
  notificationsOf(actionTo({ kind: "webhook", url, secret: undefined })).logMissingFunctions();
  expect(logged()).toEqual([]);
  error.mockRestore();
});
