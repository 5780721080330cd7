import { createHmac } from "node:crypto";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ActionRunner } from "../../../../src/alerts/actions/action-runner.ts";
import { postJson } from "../../../../src/alerts/actions/delivery/post-json.ts";
import type { ResolvedAction } from "../../../../src/alerts/resolved.ts";
import { Secret } from "../../../../src/alerts/secret.ts";
import { actionTo, firing, requestFor } from "../../alerts.ts";
import { ManualClock } from "../../manual-clock.ts";
import { Receiver } from "../../receiver.ts";

let receiver: Receiver;
let url: URL;
let clock: ManualClock;

beforeEach(async () => {
  receiver = new Receiver();
  url = await receiver.start();
  clock = new ManualClock();
  clock.chance = 0;
});
afterEach(() => receiver.stop());

/** Runs the action and resolves with its outcome. With `hurry`, waits end at once. */
function outcomeOf(action: ResolvedAction, hurry = true): Promise<string> {
  if (hurry) {
    const wait = clock.wait.bind(clock);
    clock.wait = (millis, signal) => (millis === 0 ? Promise.resolve() : wait(millis, signal));
  }
  return new Promise((resolve) => {
    const runner = new ActionRunner({
      actionsPerHour: 100,
      clock,
      functions: new Map(),
      ended: (_, outcome, detail) => resolve(detail === "" ? outcome : `${outcome}: ${detail}`),
    });
    runner.run(requestFor(action));
  });
}

const webhook = (over: Partial<ResolvedAction> = {}, secret?: Secret): ResolvedAction =>
  actionTo({ kind: "webhook", url: new URL("/hook?token=t", url), secret }, over);

function secretOf(value: string): Secret {
  const secret = Secret.read({ env: "S" }, { environment: { S: value }, readFile: () => "" });
  return secret as Secret;
}

it("posts the alert as JSON with its key", async () => {
  expect(await outcomeOf(webhook())).toBe("succeeded");
  const [{ method, path, headers, body } = expect.unreachable()] = receiver.received;
  expect([method, path]).toEqual(["POST", "/hook?token=t"]);
  expect(headers["content-type"]).toBe("application/json");
  expect(headers["idempotency-key"]).toBe("0123456789abcdef");
  expect(headers["x-otel-forecast-signature"]).toBeUndefined();
  expect(JSON.parse(body)).toEqual({
    version: 1,
    idempotencyKey: "0123456789abcdef",
    action: "act",
    effect: "protect",
    alert: firing,
  });
});

it("signs timestamp and body if it has a secret", async () => {
  await outcomeOf(webhook({}, secretOf("hush")));
  const [{ headers, body } = expect.unreachable()] = receiver.received;
  const timestamp = headers["x-otel-forecast-timestamp"];
  expect(timestamp).toBe("1800000000");
  const expected = createHmac("sha256", "hush").update(`1800000000.${body}`).digest("hex");
  expect(headers["x-otel-forecast-signature"]).toBe(`sha256=${expected}`);
});

it("retries after a 500, with the same key, up to its maximum", async () => {
  receiver.answer = (response, count) => {
    response.statusCode = count < 3 ? 500 : 204;
    response.end();
  };
  expect(await outcomeOf(webhook())).toBe("succeeded");
  expect(receiver.received.map(({ headers }) => headers["idempotency-key"])).toEqual(
    new Array(3).fill("0123456789abcdef"),
  );
  receiver.answer = (response) => {
    response.statusCode = 503;
    response.end();
  };
  expect(await outcomeOf(webhook({ retries: 1 }))).toBe("failed: it answered 503");
  expect(receiver.received).toHaveLength(5);
});

it.each([
  [500, 2],
  [599, 2],
  [429, 2],
  [425, 2],
  [408, 2],
  [400, 1],
  [401, 1],
  [404, 1],
  [499, 1],
])("after status %i it makes %i attempts", async (status, times) => {
  receiver.answer = (response) => {
    response.statusCode = status;
    response.end("why");
  };
  expect(await outcomeOf(webhook({ retries: 1 }))).toBe(`failed: it answered ${status}`);
  expect(receiver.received).toHaveLength(times);
});

it.each([300, 301, 302, 303, 307, 308, 399])("does not follow a redirect by %i", async (status) => {
  const other = new Receiver();
  const elsewhere = await other.start();
  receiver.answer = (response) => {
    response.writeHead(status, { Location: elsewhere.href }).end();
  };
  expect(await outcomeOf(webhook())).toBe(`failed: it answered ${status}, and redirects are not followed`);
  expect(receiver.received).toHaveLength(1);
  expect(other.received).toHaveLength(0);
  await other.stop();
});

it("gives up at its time limit if the server never answers", async () => {
  receiver.answer = () => {};
  const outcome = outcomeOf(webhook({ retries: 0 }), false);
  await receiver.hasReceived(1);
  await clock.advance(10_000);
  expect(await outcome).toBe("timed_out: it exceeded its time limit");
});

it("does not wait for the body of an answer", async () => {
  receiver.answer = (response) => {
    response.flushHeaders();
  };
  expect(await outcomeOf(webhook())).toBe("succeeded");
});

it("reports only the reason if the server cannot be reached, and retries", async () => {
  await receiver.stop();
  const before = clock.asked.length;
  expect(await outcomeOf(webhook({ retries: 2 }))).toBe("failed: there is no answer (ECONNREFUSED)");
  expect(clock.asked.length).toBeGreaterThan(before);
  receiver = new Receiver();
  await receiver.start();
});

it("a port that fetch asks nothing at is named as the reason", async () => {
  const signal = AbortSignal.timeout(10_000);
  await expect(postJson(new URL("http://127.0.0.1:6000/hook"), "{}", {}, { signal, now: 0 })).rejects.toThrow(
    "there is no answer (bad port: fetch refuses it)",
  );
});

/** The date of all answers of a test, plus some seconds. */
const dated = (seconds: number): string => new Date(1_800_000_000_000 + 1000 * seconds).toUTCString();

/** The wait before the retry, which succeeds. */
async function waitsOfRetries(): Promise<number[]> {
  const limitMillis = 10_000;
  const waits: number[] = [];
  const wait = clock.wait.bind(clock);
  clock.wait = async (asked, signal) => {
    if (asked === limitMillis) return wait(asked, signal);
    waits.push(asked);
  };
  expect(await outcomeOf(webhook({ retries: 1, timeoutMillis: limitMillis }), false)).toBe("succeeded");
  return waits;
}

it.each([
  [429, "7", 0, 7000],
  [503, "7", 0, 7000],
  [503, " 0 ", 0, 0],
  // The random backoff, at most a second before the first retry, is added.
  [503, "7", 0.5, 7500],
  // No wait is longer than a minute, whatever the server asks for.
  [429, "3600", 0, 60_000],
  [429, "99999999999999999999", 0, 60_000],
  [503, dated(12), 0, 12_000],
  [503, dated(-12), 0, 0],
  // An invalid header, or one in another answer, is ignored.
  [503, "soon", 0, 0],
  [503, "-5", 0, 0],
  [503, "1.5", 0, 0],
  [503, "", 0, 0],
  [500, "7", 0, 0],
  [408, "7", 0, 0],
])("after %i with Retry-After %o (chance %d) it waits %d ms", async (status, retryAfter, chance, millis) => {
  clock.chance = chance;
  receiver.answer = (response, count) => {
    if (count > 1) response.end();
    else response.writeHead(status, { "Retry-After": retryAfter, Date: dated(0) }).end();
  };
  expect(await waitsOfRetries()).toEqual([millis]);
});

it.each([
  [12, 12_000],
  [-12, 0],
])("compares a date with its own clock if the answer has no date: %d s", async (seconds, millis) => {
  receiver.answer = (response, count) => {
    response.sendDate = false;
    if (count > 1) response.end();
    else response.writeHead(503, { "Retry-After": dated(seconds) }).end();
  };
  expect(await waitsOfRetries()).toEqual([millis]);
});
