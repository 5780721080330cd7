import type { PushMetricExporter } from "@opentelemetry/sdk-metrics";
import { textOf } from "../../core/text-of.ts";
import { log } from "../../logging/component-logger.ts";

/**
 * Called with the number of points of a push that its receiver has not taken, although it has taken the
 * push, and with the reason that it gives.
 */
export type RejectedPoints = (points: number, reason: string) => void;

/** Private parts of an OTLP exporter. By itself, it logs such an answer at every push. */
interface ExporterInternals {
  readonly _delegate?: { _responseHandler?: { handleResponse(response: unknown): void } };
}

/** A receiver may tell a lot. */
const MAX_REASON_LENGTH = 300;

/**
 * Tells of answers with a partial success, if the exporter is as expected. A mere remark is logged once.
 * https://opentelemetry.io/docs/specs/otlp/#partial-success
 */
export function onPartialSuccess(exporter: PushMetricExporter, rejected: RejectedPoints): void {
  const delegate = (exporter as ExporterInternals)._delegate;
  if (delegate?._responseHandler === undefined) return;
  let isRemarkLogged = false;
  delegate._responseHandler = {
    handleResponse(response) {
      const { rejectedDataPoints, errorMessage } = partialSuccessOf(response);
      const points = countOf(rejectedDataPoints);
      const reason = textOf(errorMessage ?? "", MAX_REASON_LENGTH);
      if (points > 0) rejected(points, reason);
      else if (reason !== "" && !isRemarkLogged) {
        isRemarkLogged = true;
        log.warn(`the receiver of a push by OTLP remarks: ${reason}. Later remarks are not logged.`);
      }
    },
  };
}

function partialSuccessOf(response: unknown): { rejectedDataPoints?: unknown; errorMessage?: unknown } {
  return (response as { partialSuccess?: object | null } | null | undefined)?.partialSuccess ?? {};
}

/** In JSON, the number may be a text. A number below 0 is a huge one in protobuf. */
function countOf(rejected: unknown): number {
  const count = typeof rejected === "string" ? Number(rejected) : rejected;
  return Number.isSafeInteger(count) ? (count as number) : 0;
}
