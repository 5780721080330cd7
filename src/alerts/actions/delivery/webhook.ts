import type { Alert } from "../../alert.ts";
import type { ActionCall, ActionEffect } from "../../entries.ts";
import type { Secret } from "../../secret.ts";
import { postJson } from "./post-json.ts";

/** What a webhook is told about a run. */
export interface WebhookRun {
  readonly url: URL;
  readonly secret: Secret | undefined;
  readonly action: string;
  readonly effect: ActionEffect;
  readonly alert: Alert;
  readonly now: number;
}

/**
 * Posts an alert to a webhook. Where there is a secret, `X-Otel-Forecast-Signature` is `sha256=` and the HMAC-SHA256 of
 * `TIMESTAMP.BODY`, with the timestamp (seconds) in `X-Otel-Forecast-Timestamp`: a receiver that refuses old timestamps
 * can't be sent an old request again.
 */
export async function tellWebhook(run: WebhookRun, call: ActionCall): Promise<void> {
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
