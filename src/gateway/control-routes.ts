import type { ServerResponse } from "node:http";
import { messageOf } from "../core/text-of.ts";
import type { Route } from "../prometheus/answers.ts";

/** What the administrative paths of a gateway ask and do. */
export interface GatewayControl {
  /** Why the gateway is not ready yet; `undefined`: it is. */
  notReadyBecause(): string | undefined;
  /** Reads the configuration file again. Rejects if it can't be used. */
  reload(): Promise<void>;
}

/**
 * The paths that Prometheus has too: `/-/healthy`, `/-/ready` and `POST /-/reload`.
 *
 * https://prometheus.io/docs/prometheus/latest/management_api/
 */
export function controlRoutes(control: GatewayControl): Map<string, Route> {
  return new Map<string, Route>([
    [
      "/-/healthy",
      { methods: ["GET", "HEAD"], answer: (_, response) => say(response, 200, "otel-forecast is healthy.") },
    ],
    [
      "/-/ready",
      {
        methods: ["GET", "HEAD"],
        answer: (_, response) => {
          const reason = control.notReadyBecause();
          if (reason === undefined) say(response, 200, "otel-forecast is ready.");
          else say(response, 503, `otel-forecast is not ready: ${reason}`);
        },
      },
    ],
    ["/-/reload", { methods: ["POST", "PUT"], answer: (_, response) => reload(response, control) }],
  ]);
}

async function reload(response: ServerResponse, control: GatewayControl): Promise<void> {
  try {
    await control.reload();
    say(response, 200, "The configuration was read again.");
  } catch (error) {
    say(response, 500, `The configuration can't be used: ${messageOf(error)}`);
  }
}

function say(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader("content-type", "text/plain; charset=utf-8");
  response.end(`${text}\n`);
}
