import type { Alert } from "../../alert.ts";
import type { ActionCall, ActionEffect } from "../../entries.ts";
import type { Secret } from "../../secret.ts";
import { postJson } from "./post-json.ts";

/** A run of an action by webhook. */
export interface WebhookRun {
  readonly url: URL;
  readonly secret: Secret | undefined;
  readonly action: string;
  readonly effect: ActionEffect;
  readonly alert: Alert;
  readonly now: number;
}

/**
 * Posts an alert to a webhook. With a secret, the request is signed: `X-Otel-Forecast-Signature` is
 * `sha256=` followed by the HMAC-SHA256 of `TIMESTAMP.BODY`. The timestamp, in seconds, is
 * `X-Otel-Forecast-Timestamp`. A receiver that refuses old timestamps cannot be attacked by sending
 * an old request again.
 */
export async function postToWebhook(run: WebhookRun, call: ActionCall): Promise<void> {
  const { url, secret, action, effect, alert, now } = run;
  const { idempotencyKey } = call;
  const body = JSON.stringify({ version: 1, idempotencyKey, action, effect, alert });
  const timestamp = String(Math.floor(now / 1000));
  const signature =
    secret === undefined
      ? {}
      : {
          "X-Otel-Forecast-Timestamp": timestamp,
          "X-Otel-Forecast-Signature": `sha256=${secret.sign(`${timestamp}.${body}`)}`,
        };
  await postJson(
    url,
    body,
    { "Idempotency-Key": idempotencyKey, ...signature },
    { signal: call.signal, now },
  );
}
