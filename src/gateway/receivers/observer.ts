import type { Rejection } from "../../wire/otlp/export-result.ts";
import type { RefusalReason } from "./refusal.ts";

/** What a receiver reports of its work. The tenant is that of the request, if it names one. */
export interface ReceiverObserver {
  /** Points were handed to their streams. */
  received(points: number, tenant: string | undefined): void;
  /**
   * Something was not taken.
   *
   * @param reason a reason of a point (`Rejection`, or `summary` for points of summaries), or of a
   * whole request (`RefusalReason`).
   * @param count the number of points; 1 for a request, whose points nobody has counted.
   */
  refused(reason: Rejection | RefusalReason | "summary", count: number, tenant: string | undefined): void;
}
